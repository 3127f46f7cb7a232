package dev.latchkey.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    void decidesAsTheObjectInJavaDoes(@ForAll("histories") List<Step> history) throws IOException {
        var clock = new AtomicLong(1_900_000_000_123_457L);
        var local = new LocalDecisions(10, clock::get);
        var shared = new DecisionScript(REDIS, scriptWithClockToSet());
        var subject = "token:" + subjects++;
        for (var i = 0; i < history.size(); i++) {
            var step = history.get(i);
            // A microsecond more or less than a whole second shows which side of an edge each of them takes.
            clock.addAndGet(step.gap() * MICROS + i % 3 - 1);
            // Some as leases, whose units are given back later.
            var usableFor = Duration.ofSeconds(i % 5 == 2 ? SECONDS / 20 : 0);
            var request = new LimitRequest(budgets(subject, step, i), Optional.empty(), step.cost(), usableFor);
            var expected = local.decide(request);
            RedisPeer.send(REDIS, "mset", "seconds", clock.get() / MICROS, "micros", clock.get() % MICROS);
            var decided = decide(shared, request);
            assertEquals(expected.policies(), decided.policies());
            assertEquals(expected.shadow(), decided.shadow());
            assertEquals(expected.allowed(), decided.allowed());
        }
    }

    @Example
    void walksLongListsAsTheObjectInJavaDoes() throws IOException {
        var history = new ArrayList<Step>(Collections.nCopies(150, new Step(20, 1, 1000)));
        history.add(new Step(1, 100, 160));
        history.add(new Step(5000, 1, 60));
        history.add(new Step(1, 50, 60));
        history.add(new Step(1, 1, 1000));
        decidesAsTheObjectInJavaDoes(history);
    }

    @Example
    void aPlainQuestionIsKnownByItsLength() {
        // decide.lua decides it the quick way; another length would have it take the long one, unnoticed by its
        // answers.
        for (var windows = 1; windows <= 3; windows++) {
            var budget = new Budget(
                    "token:x",
                    List.of(Window.minute(1), Window.hour(1), Window.day(1)).subList(0, windows));
            var packed = DecisionScript.packed(new Keyspace(0, 1), Question.of(new LimitRequest(budget, 1), true));
            assertEquals(22 + 16 * windows, packed.length);
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        var forwards = Step.around(SECONDS);
        var anywhere = Combinators.combine(forwards, Arbitraries.integers().between(0, 30))
                .as((step, chance) -> chance > 0 ? step : new Step(-step.gap(), step.cost(), step.limit()));
        return anywhere.list().ofMaxSize(80);
    }

    private static LimitDecision decide(DecisionScript script, LimitRequest request) {
        return script.decide(new Keyspace(0, 1), "none", List.of(Question.of(request, false)), Optional.empty())
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join()
                .getFirst()
                .orElseThrow();
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

    // The script takes no time from outside, so that nobody can ever hand it one: only here, the one place that reads
    // the clock is exchanged.
    private static RedisScript scriptWithClockToSet() throws IOException {
        var source = new StringBuilder();
        for (var name : List.of("window.lua", "budget.lua", "decide.lua")) {
            try (var resource = Objects.requireNonNull(Limiter.class.getResourceAsStream("/lua/" + name))) {
                source.append(new String(resource.readAllBytes(), StandardCharsets.UTF_8))
                        .append('\n');
            }
        }
        var parts = source.toString().split("call\\('TIME'\\)", -1);
        assertEquals(2, parts.length);
        return RedisScript.of(parts[0] + "call('MGET', 'seconds', 'micros')" + parts[1]);
    }
}
