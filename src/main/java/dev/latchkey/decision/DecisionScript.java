package dev.latchkey.decision;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.PolicyState;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.redis.RedisScript;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks {@code lua/decide.lua} for several decisions at once. */
final class DecisionScript {

    private static final byte[] NO_NOTE = {};
    private static final int SLOT_ID_LENGTH = 36;
    private static final char ADMITTED = '1';

    private final Redis redis;
    private final RedisScript script;

    DecisionScript(Redis redis, RedisScript script) {
        this.redis = redis;
        this.script = script;
    }

    static RedisScript source() {
        return RedisScript.fromResources("window.lua", "budget.lua", "decide.lua");
    }

    /** One question of a trip. */
    record Question(LimitRequest request, boolean noted, Optional<String> slot) {

        static Question of(LimitRequest request, boolean noted) {
            var takesSlot =
                    request.budgets().stream().anyMatch(budget -> budget.slots().isPresent());
            return new Question(
                    request, noted, takesSlot ? Optional.of(Uuid7.next().toString()) : Optional.empty());
        }
    }

    /**
     * The answers in the order of the questions, all of one partition.
     *
     * @param note what goes into the stream; empty for none
     */
    Uni<List<LimitDecision>> decide(Keyspace keys, String streamEnd, List<Question> questions, Optional<byte[]> note) {
        var names = new ArrayList<String>();
        names.add(keys.key(streamEnd));
        var arguments = new ArrayList<byte[]>();
        arguments.add(note.orElse(NO_NOTE));
        for (var question : questions) {
            for (var budget : question.request().budgets()) {
                names.add(keys.key(budget.keyEnd()));
            }
            arguments.add(packed(question));
        }
        return script.run(redis, names, arguments).map(answers -> decisions(questions, answers));
    }

    private static byte[] packed(Question question) {
        var size = 2 * Double.BYTES + 3;
        for (var budget : question.request().budgets()) {
            size += budget.packed().length + (budget.slots().isPresent() ? SLOT_ID_LENGTH + 1 : 0);
        }
        var bytes = ByteBuffer.allocate(size)
                .putDouble(question.request().cost())
                .putDouble(0)
                .put((byte) (question.noted() ? 1 : 0))
                .put((byte) question.request().budgets().size());
        for (var budget : question.request().budgets()) {
            bytes.put(budget.packed());
            if (budget.slots().isPresent()) {
                bytes.put(question.slot().orElseThrow().getBytes(StandardCharsets.US_ASCII))
                        .put((byte) 0);
            }
        }
        return bytes.put((byte) 0).array();
    }

    private static List<LimitDecision> decisions(List<Question> questions, Response answers) {
        var decisions = new ArrayList<LimitDecision>(questions.size());
        for (var i = 0; i < questions.size(); i++) {
            decisions.add(decision(questions.get(i), answers.get(i).toBuffer()));
        }
        return decisions;
    }

    private static LimitDecision decision(Question question, Buffer answer) {
        var states = new ArrayList<PolicyState>();
        var at = 1;
        for (var budget : question.request().budgets()) {
            for (var policy : budget.policies()) {
                states.add(policy.state((long) answer.getDouble(at), (long) answer.getDouble(at + 8), (long)
                        answer.getDouble(at + 16)));
                at += 3 * Double.BYTES;
            }
        }
        var admitted = answer.getByte(0) == ADMITTED;
        return new LimitDecision(
                admitted,
                states,
                DecidedBy.REDIS,
                admitted && question.request().cost() > 0 ? question.slot() : Optional.empty());
    }

    /** Gives back a slot that was taken. */
    static String slotsKey(Keyspace keys, Budget budget) {
        return keys.key(budget.keyEnd()) + ":slots";
    }
}
