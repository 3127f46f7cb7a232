package dev.latchkey.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.CreditAccount;
import dev.latchkey.limit.LimitConfig.WhenRedisIsAway;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.redis.RedisPeer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever hangs behind a decision, it comes; and what hung is done once, when it can be. */
class LimiterDeadlineTest {

    private static final Duration BRIEF = Duration.ofMillis(200);
    private static final Duration AWAIT = Duration.ofSeconds(30);
    private static final Note NOTE = new Note() {};

    private final RedisPeer peer = RedisPeer.start();

    @AfterEach
    void stop() {
        peer.close();
    }

    /** Notes that go another way arrive when the test says so. */
    private static final class SlowNotes implements NoteWriter {
        private final CompletableFuture<Void> arrived = new CompletableFuture<>();
        private final AtomicInteger begun = new AtomicInteger();

        @Override
        public String streamEnd() {
            return "notes";
        }

        @Override
        public Entry entry(List<Note> notes) {
            return new Entry() {
                @Override
                public byte[] text() {
                    return new byte[] {1};
                }

                @Override
                public void appended(int decided) {}

                @Override
                public Uni<Void> recordElsewhere(List<Integer> statuses) {
                    begun.incrementAndGet();
                    return Uni.createFrom().completionStage(arrived);
                }
            };
        }
    }

    @Test
    void aNoteThatDoesNotArriveHoldsUpNobodyAndIsRecordedOnce() {
        var notes = new SlowNotes();
        var limiter = limiter(BRIEF, List.of(notes), List.of());
        peer.stopServer();
        for (var calls = 1; calls <= 3; calls++) {
            var decision = decide(limiter, new LimitRequest("token:1", List.of(Window.minute(9)), 1));
            assertEquals(DecidedBy.LOCAL, decision.decidedBy());
            assertEquals(calls, notes.begun.get());
            // Ceasing to wait does not end what is waited for.
            assertFalse(notes.arrived.isDone());
        }
        notes.arrived.complete(null);
        decide(limiter, new LimitRequest("token:1", List.of(Window.minute(9)), 1));
        assertEquals(4, notes.begun.get());
    }

    @Test
    void aLedgerThatHangsIsAskedOnceAndAnswersWhoAsksLater() {
        var account = UUID.randomUUID();
        var loads = new AtomicInteger();
        var answers = new CountDownLatch(1);
        Accounts accounts = id -> {
            loads.incrementAndGet();
            try {
                answers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Accounts.Opening(5, Instant.EPOCH);
        };
        // Redis itself may take its time: only the ledger hangs.
        var limiter = limiter(Duration.ofSeconds(2), List.of(), List.of(accounts));
        var request = new LimitRequest(
                List.of(new Budget("token:1", List.of(Window.minute(9)))),
                Optional.of(new CreditAccount(account, OptionalLong.empty(), Instant.EPOCH)),
                1);
        for (var calls = 0; calls < 3; calls++) {
            assertEquals(LimitDecision.NOBODY_DECIDES, decide(limiter, request));
        }
        assertEquals(1, loads.get());
        answers.countDown();
        var decided = LimitDecision.NOBODY_DECIDES;
        for (var tries = 0; tries < 20 && decided.decidedBy() != DecidedBy.REDIS; tries++) {
            decided = decide(limiter, request);
        }
        // Those who were told 503 have paid nothing.
        assertTrue(decided.allowed());
        assertEquals(4, decided.credits().orElseThrow().remaining());
    }

    private Limiter limiter(Duration timeout, List<NoteWriter> notes, List<Accounts> accounts) {
        return TestLimits.limiter(
                peer, new TestLimits(WhenRedisIsAway.LOCAL, timeout), new SimpleMeterRegistry(), notes, accounts);
    }

    private static LimitDecision decide(Limiter limiter, LimitRequest request) {
        return limiter.decide(request, NOTE).await().atMost(AWAIT);
    }
}
