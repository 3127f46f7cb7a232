package dev.latchkey.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.decision.DecisionScript.Question;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Slots;
import dev.latchkey.limit.TokenBucket;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.Keyspace;
import dev.latchkey.platform.redis.RedisPeer;
import dev.latchkey.platform.redis.RedisScript;
import io.vertx.mutiny.redis.client.Redis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** The script in Redis and the object in Java take the same decisions; {@link LocalBudgetTest} shows that they are right. */
class LimitScriptTest {

    // Long windows and steps of whole seconds: what is reported in seconds is then exact.
    private static final long SECONDS = 6000;
    private static final long MICROS = 1_000_000;

    private static final RedisPeer PEER = RedisPeer.start();
    private static final Redis REDIS = PEER.client();
    private static long subjects;

    @AfterContainer
    static void stop() {
        PEER.close();
    }

    @Property(tries = 200)
    void decidesAsTheObjectInJavaDoes(@ForAll("histories") List<Step> history) {
        var clock = new AtomicLong(1_900_000_000_123_457L);
        var local = new LocalDecisions(10, clock::get);
        var shared = new DecisionScript(REDIS, REDIS::getDelegate, scriptWithClockToSet());
        var subject = "token:" + subjects++;
        for (var i = 0; i < history.size(); i++) {
            var step = history.get(i);
            // A microsecond more or less than a whole second shows which side of an edge each of them takes.
            clock.addAndGet(step.gap() * MICROS + i % 3 - 1);
            // Some as leases, whose units are given back later.
            var usableFor = Duration.ofSeconds(i % 5 == 2 ? SECONDS / 20 : 0);
            var request = new LimitRequest(budgets(subject, step, i), Optional.empty(), step.cost(), usableFor);
            var expected = local.decide(request);
            setClock(clock.get());
            var decided = answers(shared, List.of(Question.of(request, false))).getFirst();
            assertEquals(expected.policies(), decided.policies());
            assertEquals(expected.shadow(), decided.shadow());
            assertEquals(expected.allowed(), decided.allowed());
        }
    }

    @Example
    void walksLongListsAsTheObjectInJavaDoes() {
        var history = new ArrayList<Step>(Collections.nCopies(150, new Step(20, 1, 1000)));
        history.add(new Step(1, 100, 160));
        history.add(new Step(5000, 1, 60));
        history.add(new Step(1, 50, 60));
        history.add(new Step(1, 1, 1000));
        decidesAsTheObjectInJavaDoes(history);
    }

    @Example
    void theQuickWayEndsWhenAClosedCellIsGivenBack() {
        var history = new ArrayList<Step>(List.of(new Step(1, 1, 1000), new Step(1, 1, 1000)));
        history.addAll(Collections.nCopies(7, new Step(1, 0, 1000)));
        history.add(new Step(SECONDS - 10, 1, 1000));
        history.add(new Step(15, 1, 1000));
        decidesAsTheObjectInJavaDoes(history);
    }

    @Example
    void aBatchMayAskOfOneBudgetSeveralTimes() {
        var budget = new Budget("several:times", List.of(Window.minute(4)));
        var questions = Collections.nCopies(6, Question.of(new LimitRequest(budget, 1), false));
        var script = new DecisionScript(REDIS, REDIS::getDelegate, RedisScript.of(DecisionScript.source()));
        answers(script, questions.subList(0, 1));
        var remaining = answers(script, questions).stream()
                .map(decision -> decision.policies().getFirst().remaining())
                .toList();
        assertEquals(List.of(2L, 1L, 0L, 0L, 0L, 0L), remaining);
    }

    @Example
    void aStateOutlivesItsLongestWindow() {
        var clock = 1_900_000_000_000_000L;
        var length = Duration.ofHours(40);
        var budget = new Budget("outlives:all", List.of(Window.hour(1000), new Window("longest", 1000, length)));
        var script = new DecisionScript(REDIS, REDIS::getDelegate, scriptWithClockToSet());
        // Kept a quarter longer than is needed, so that most calls need not prolong it: at the end of that, in one
        // cell.
        for (var at : List.of(0, 9 * 3600 + 3590, 10 * 3600 + 20)) {
            setClock(clock + at * MICROS);
            answers(script, List.of(Question.of(new LimitRequest(budget, 1), false)));
            var key = new Keyspace(0, 1).key(budget.keyEnd());
            var expires = Objects.requireNonNull(RedisPeer.send(REDIS, "getrange", key, 56, 63))
                    .toBuffer()
                    .getDouble(0);
            assertTrue(expires >= clock + (at + length.toSeconds()) * MICROS, () -> at + ": " + expires);
        }
    }

    @Example
    void whatIsPlainIsDecidedTheQuickWay() {
        // The long way would give the same answers, so that nobody would notice.
        var script = RedisScript.of(DecisionScript.source());
        for (var windows = 1; windows <= 3; windows++) {
            var policies = List.of(Window.minute(10), Window.hour(10), Window.day(10));
            var budget = new Budget("plain:" + windows, policies.subList(0, windows));
            assertEquals('1', outcome(script, budget));
            assertEquals('q', outcome(script, budget));
            assertEquals('q', outcome(script, budget));
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        var forwards = Step.around(SECONDS);
        var anywhere = Combinators.combine(forwards, Arbitraries.integers().between(0, 30))
                .as((step, chance) -> chance > 0 ? step : new Step(-step.gap(), step.cost(), step.limit()));
        return anywhere.list().ofMaxSize(80);
    }

    private static List<LimitDecision> answers(DecisionScript script, List<Question> questions) {
        return script
                .decide(new Keyspace(0, 1), "none", questions, Optional.empty())
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .stream()
                .map(Optional::orElseThrow)
                .toList();
    }

    private static void setClock(long micros) {
        RedisPeer.send(REDIS, "mset", "seconds", micros / MICROS, "micros", micros % MICROS);
    }

    /** Three windows, of which some calls use two only; some with a bucket and slots, some with a second budget, some with one that only watches. */
    private static List<Budget> budgets(String subject, Step step, int turn) {
        var shortest = new Window("short", step.limit(), Duration.ofSeconds(SECONDS));
        var longer = new Window("longer", step.limit() + 7, Duration.ofSeconds(5 * SECONDS));
        var longest = new Window("longest", step.limit() + 35, Duration.ofSeconds(40 * SECONDS));
        var bucket = new TokenBucket("bucket", step.limit() + 1, Duration.ofSeconds(SECONDS / 10));
        var slots = new Slots("slots", step.limit(), Duration.ofSeconds(SECONDS / 2));
        var shadow =
                Budget.shadow(subject, List.of(new Window("short", Math.max(0, step.limit() - 3), shortest.length())));
        var shadows = Budget.shadow(
                subject,
                List.of(
                        new Window("short", Math.max(0, step.limit() - 1), shortest.length()),
                        new Window("longer", step.limit() / 2, longer.length()),
                        new TokenBucket("bucket", step.limit() / 2 + 1, Duration.ofSeconds(SECONDS / (turn % 2 + 3)))));
        return switch (turn % 9) {
            case 7 -> List.of(new Budget(subject, List.of(shortest, longer, longest)), shadow);
            case 8 -> List.of(new Budget(subject, List.of(shortest, longer, longest, bucket, slots)), shadows);
            case 3 -> List.of(new Budget(subject, List.of(longest, shortest)));
            case 4 ->
                List.of(
                        new Budget(subject, List.of(shortest, longer, longest)),
                        new Budget("more:" + subject, List.of(bucket)));
            case 5, 6 -> List.of(new Budget(subject, List.of(shortest, longer, longest, bucket, slots)));
            default -> List.of(new Budget(subject, List.of(shortest, longer, longest)));
        };
    }

    private static char outcome(RedisScript script, Budget budget) {
        var keys = new Keyspace(0, 1);
        var names = List.of(keys.key("none"), keys.key(budget.keyEnd()));
        var question = DecisionScript.packed(keys, Question.of(new LimitRequest(budget, 1), false));
        var answer = script.run(REDIS.getDelegate(), names, List.of(new byte[0], question))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return (char) Objects.requireNonNull(answer).get(0).toBuffer().getByte(0);
    }

    // The script takes no time from outside, so that nobody can ever hand it one: only here, the one place that reads
    // the clock is exchanged.
    private static RedisScript scriptWithClockToSet() {
        var parts = DecisionScript.source().split("call\\('TIME'\\)", -1);
        assertEquals(2, parts.length);
        return RedisScript.of(parts[0] + "call('MGET', 'seconds', 'micros')" + parts[1]);
    }
}
