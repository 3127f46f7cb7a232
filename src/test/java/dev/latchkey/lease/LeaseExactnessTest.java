package dev.latchkey.lease;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.decision.Limiter;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whatever several holders of leases of one subject use, beside exact decisions, no span of a window sees more than its limit. */
@QuarkusTest
class LeaseExactnessTest {

    private static final int HOLDERS = 4;
    private static final long LIMIT = 8000;
    private static final Duration LENGTH = Duration.ofSeconds(3);
    private static final Duration WAVE = Duration.ofSeconds(4);
    private static final int WAVES = 2;

    /** An admission happened at some moment between the two. */
    private record Admitted(long from, long to, long cost) {}

    @Inject
    Limiter limiter;

    private final List<Admitted> history = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong leased = new AtomicLong();

    @Test
    void noSpanOfTheWindowSeesMoreThanTheLimit() throws Exception {
        var budget =
                new Budget("test:" + Uuid7.next(), List.of(new Window("brief", LIMIT, LENGTH), Window.day(1_000_000)));
        try (var threads = Executors.newFixedThreadPool(HOLDERS)) {
            var holders = new ArrayList<Callable<Void>>();
            for (var i = 0; i < HOLDERS; i++) {
                var random = new Random(i);
                holders.add(() -> use(budget, random));
            }
            for (var holder : threads.invokeAll(holders)) {
                holder.get();
            }
        }
        assertTrue(leased.get() > LIMIT / 10, () -> "hardly anything was leased: " + leased);
        assertTrue(mostInAnySpan() <= LIMIT, () -> mostInAnySpan() + " were admitted");
        assertTrue(mostInAnySpan() > LIMIT / 2, () -> "the limit was never near: " + mostInAnySpan());
    }

    // In waves: where the limit is always nearly used up, hardly anything is leased.
    private Void use(Budget budget, Random random) throws InterruptedException {
        var lease = new Lease(budget, System.nanoTime());
        for (var i = 0; i < WAVES; i++) {
            use(lease, budget, random);
            Thread.sleep(LENGTH.plus(Lease.LIFE));
        }
        return null;
    }

    // As one event loop: what the limiter answers comes back to this thread.
    private void use(Lease lease, Budget budget, Random random) throws InterruptedException {
        var arrivals = new ConcurrentLinkedQueue<Runnable>();
        var end = System.nanoTime() + WAVE.toNanos();
        while (System.nanoTime() < end) {
            for (var arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
                arrival.run();
            }
            var cost = 1 + random.nextInt(10);
            var from = System.nanoTime();
            if (lease.take(cost, from) != null) {
                leased.addAndGet(cost);
                history.add(new Admitted(from, System.nanoTime(), cost));
            } else if (decide(budget, cost)) {
                history.add(new Admitted(from, System.nanoTime(), cost));
            }
            var wish = lease.wish(from);
            if (wish != Lease.NOTHING) {
                var asked = System.nanoTime();
                limiter.reserve(
                        new LimitRequest(budget, wish, Lease.LIFE),
                        decision -> arrivals.add(() -> lease.granted(decision, wish, asked, System.nanoTime())));
            }
            Thread.sleep(random.nextInt(4));
        }
    }

    // What a replica decides alone, for want of Redis, is no part of this.
    private boolean decide(Budget budget, long cost) {
        var decision = new CompletableFuture<Boolean>();
        limiter.decide(new LimitRequest(budget, cost))
                .subscribe()
                .with(one -> decision.complete(one.allowed() && one.decidedBy() == DecidedBy.REDIS));
        return decision.join();
    }

    // The spans that begin with an admission: of those that are surely within, as their own time is not known exactly.
    private long mostInAnySpan() {
        var most = 0L;
        for (var first : history) {
            var end = first.from() + LENGTH.toNanos();
            var sum = 0L;
            for (var other : history) {
                if (other.from() >= first.from() && other.to() < end) {
                    sum += other.cost();
                }
            }
            most = Math.max(most, sum);
        }
        return most;
    }
}
