package dev.latchkey.decision;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.CreditState;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.PolicyState;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.redis.Keyspace;
import dev.latchkey.platform.redis.RedisScript;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Asks {@code lua/quick.lua} and what follows it for several decisions at once. */
final class DecisionScript {

    private static final Duration ACCOUNT_RESTS = Duration.ofDays(7);
    private static final byte[] NO_NOTE = {};
    private static final int SLOT_ID_LENGTH = 36;
    private static final int NUMBER = Double.BYTES;
    // Of an answer of the quick way.
    private static final int BEFORE_STATE = 1 + 3 * NUMBER;
    private static final int OPEN_CELL = 8 * NUMBER;
    private static final int WINDOW = 5 * NUMBER;

    // What the script says first.
    private static final char ADMITTED = '1';
    private static final char ADMITTED_QUICKLY = 'q';
    private static final char TOO_FEW_CREDITS = 'c';
    private static final char ACCOUNT_IS_MISSING = 'm';

    private final Redis redis;
    private final Supplier<io.vertx.redis.client.Redis> near;
    private final RedisScript script;

    /** @param near the one by which this thread gets decisions soonest */
    DecisionScript(Redis redis, Supplier<io.vertx.redis.client.Redis> near, RedisScript script) {
        this.redis = redis;
        this.near = near;
        this.script = script;
    }

    static String source() {
        return RedisScript.resources("quick.lua")
                + "\nlocal function long_way()\n"
                + RedisScript.resources("window.lua", "budget.lua", "decide.lua")
                + "\nend\n"
                + RedisScript.resources("batch.lua");
    }

    /** One question of a trip. */
    record Question(LimitRequest request, boolean noted, Optional<String> slot) {

        static Question of(LimitRequest request, boolean noted) {
            return new Question(
                    request,
                    noted,
                    request.takesSlot() ? Optional.of(Uuid7.next().toString()) : Optional.empty());
        }
    }

    /**
     * The answers in the order of the questions, all of one partition; empty where the account must be loaded first.
     *
     * @param note what goes into the stream; empty for none
     */
    Future<List<Optional<LimitDecision>>> decide(
            Keyspace keys, String streamEnd, List<Question> questions, Optional<byte[]> note) {
        var names = new ArrayList<String>();
        names.add(keys.key(streamEnd));
        var arguments = new ArrayList<byte[]>();
        arguments.add(note.orElse(NO_NOTE));
        for (var question : questions) {
            for (var budget : question.request().budgets()) {
                names.add(keys.key(budget.keyEnd()));
            }
            arguments.add(packed(keys, question));
        }
        return script.run(near.get(), names, arguments)
                .map(answers -> decisions(questions, Objects.requireNonNull(answers)));
    }

    /**
     * Begins an account's balance in Redis, unless it is there by now.
     *
     * @param period up to which refills are in the balance
     */
    Uni<Void> open(Keyspace keys, UUID account, long balance, Instant period) {
        var state = ByteBuffer.allocate(2 * NUMBER).putDouble(balance).putDouble(period.toEpochMilli());
        return redis.send(Request.cmd(Command.SET)
                        .arg(accountKey(keys, account))
                        .arg(state.array())
                        .arg("NX")
                        .arg("EX")
                        .arg(ACCOUNT_RESTS.toSeconds()))
                .replaceWithVoid();
    }

    /** Gives a slot back; nothing happens where nobody holds it. */
    Uni<Void> release(Keyspace keys, Budget budget, String slot) {
        return redis.send(Request.cmd(Command.ZREM)
                        .arg(keys.key(budget.keyEnd()) + ":slots")
                        .arg(slot))
                .replaceWithVoid();
    }

    private static String accountKey(Keyspace keys, UUID account) {
        return keys.key("credits:" + account);
    }

    /** A question as the script reads it, to the byte. */
    static byte[] packed(Keyspace keys, Question question) {
        var request = question.request();
        var account = request.account().map(one -> accountKey(keys, one.id()).getBytes(US_ASCII));
        var size =
                2 * NUMBER + 3 + account.map(key -> 1 + 2 * NUMBER + key.length).orElse(0);
        for (var budget : request.budgets()) {
            size += budget.packed().length + (budget.slots().isPresent() ? SLOT_ID_LENGTH + 1 : 0);
        }
        var bytes = ByteBuffer.allocate(size)
                .putDouble(request.cost())
                .putDouble(request.usableFor().toNanos() / 1000)
                .put((byte) (question.noted() ? 1 : 0))
                .put((byte) request.budgets().size());
        for (var budget : request.budgets()) {
            bytes.put(budget.packed());
            if (budget.slots().isPresent()) {
                bytes.put(question.slot().orElseThrow().getBytes(US_ASCII)).put((byte) 0);
            }
        }
        if (account.isPresent()) {
            bytes.put((byte) 1)
                    .putDouble(request.account().get().refill().orElse(-1))
                    .putDouble(request.account().get().period().toEpochMilli())
                    .put(account.get());
        }
        return bytes.put((byte) 0).array();
    }

    private static List<Optional<LimitDecision>> decisions(List<Question> questions, Response answers) {
        var decisions = new ArrayList<Optional<LimitDecision>>(questions.size());
        for (var i = 0; i < questions.size(); i++) {
            decisions.add(decision(questions.get(i), answers.get(i).toBuffer()));
        }
        return decisions;
    }

    private static Optional<LimitDecision> decision(Question question, Buffer answer) {
        var outcome = answer.getByte(0);
        if (outcome == ACCOUNT_IS_MISSING) {
            return Optional.empty();
        }
        if (outcome == ADMITTED_QUICKLY) {
            return Optional.of(quickly(question.request().budgets().getFirst(), answer));
        }
        var request = question.request();
        var policies = new ArrayList<PolicyState>();
        var shadow = new ArrayList<PolicyState>();
        var at = 1;
        for (var budget : request.budgets()) {
            var states = budget.isShadow() ? shadow : policies;
            for (var policy : budget.policies()) {
                states.add(
                        policy.state(number(answer, at), number(answer, at + NUMBER), number(answer, at + 2 * NUMBER)));
                at += 3 * NUMBER;
            }
        }
        var left = at;
        var credits =
                request.account().map(account -> new CreditState(number(answer, left), outcome == TOO_FEW_CREDITS));
        var slot = outcome == ADMITTED && request.cost() > 0 ? question.slot() : Optional.<String>empty();
        return Optional.of(new LimitDecision(outcome == ADMITTED, policies, shadow, DecidedBy.REDIS, credits, slot));
    }

    private static LimitDecision quickly(Budget budget, Buffer answer) {
        var units = number(answer, 1);
        var clock = number(answer, 1 + NUMBER);
        var last = number(answer, 1 + 2 * NUMBER);
        var states = new ArrayList<PolicyState>(budget.policies().size());
        var at = BEFORE_STATE + OPEN_CELL;
        for (var policy : budget.policies()) {
            var closed = number(answer, at);
            var oldest = closed > 0 ? number(answer, at + NUMBER) : last;
            states.add(policy.state(closed + units, oldest + ((Window) policy).lengthMicros() - clock, 0));
            at += WINDOW;
        }
        return new LimitDecision(true, states, DecidedBy.REDIS);
    }

    private static long number(Buffer answer, int at) {
        return (long) answer.getDouble(at);
    }
}
