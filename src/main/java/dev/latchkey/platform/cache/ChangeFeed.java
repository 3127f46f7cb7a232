package dev.latchkey.platform.cache;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients that keep caches of their own what changed, as the stream of invalidations has it. Whoever waits holds no thread: one
 * thread of this class serves all.
 */
@ApplicationScoped
public class ChangeFeed {

    /** @param reset nothing of what was known before may be used any more */
    public record Changes(long epoch, boolean reset, List<String> keys) {}

    /**
     * What is asked.
     *
     * @param who whose share of the places is used, and whose changes are told besides those for all
     * @param cache whose changes are told
     * @param wholesale caches in which a change leaves nothing of that one as it was
     * @param after the epoch up to which all is known; none to learn the present one
     */
    public record Question(String who, String cache, Set<String> wholesale, OptionalLong after, Duration patience) {}

    // A burst of changes is told in one answer, and a thousand clients do not come back for each.
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration TICK = Duration.ofMillis(100);
    // Another replica may have told an epoch that this one reads in a moment.
    private static final Duration CATCH_UP = Duration.ofSeconds(1);
    // A relay needs a few milliseconds. What stays is told to no client, and so no client may be at ease.
    private static final Duration OUTBOX_PATIENCE = Duration.ofMillis(300);

    private final CacheTrust trust;
    private final ChangeFeedConfig config;
    private final ChangeRing ring = new ChangeRing();
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<String, Integer> waitingByWho = new ConcurrentHashMap<>();
    private final Semaphore news = new Semaphore(0);
    private volatile boolean stopping;
    private volatile boolean stuck;
    private @Nullable Thread thread;
    // Of the listener's thread alone.
    private Map<Change, Long> outboxSince = Map.of();

    ChangeFeed(CacheTrust trust, ChangeFeedConfig config, MeterRegistry metrics) {
        this.trust = trust;
        this.config = config;
        metrics.gauge("latchkey_changes_waiting", waiting);
    }

    /**
     * Answers as soon as there is something to tell, and else when the patience ends. Complete it when nobody listens any more.
     *
     * @return fails with {@code unavailable}, also later, when this replica may not have heard of every change; with {@code rate_limited}
     *     when too many wait
     */
    public CompletableFuture<Changes> ask(Question question) {
        if (!isLive()) {
            return CompletableFuture.failedFuture(unavailable());
        }
        if (question.after().isEmpty()) {
            return CompletableFuture.completedFuture(new Changes(ring.last(), false, List.of()));
        }
        var waiter = new Waiter(question, ring, System.nanoTime());
        if (waiter.serve(System.nanoTime())) {
            return waiter.answer;
        }
        if (!takePlace(question.who())) {
            return CompletableFuture.failedFuture(tooMany());
        }
        waiter.answer.whenComplete((changes, failure) -> leavePlace(question.who()));
        waiters.add(waiter);
        return waiter.answer;
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofPlatform().name("latchkey-change-feed").daemon().start(this::serve);
    }

    // Who waits must not hold up the end.
    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
        news.release();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        news.release();
        var running = thread;
        if (running != null) {
            running.join(TICK.multipliedBy(4));
        }
    }

    /** The listener begins anew: what it does not know, nobody who asks here knows. */
    void restart(long epoch) {
        ring.restart(epoch);
        news.release();
    }

    void add(InvalidationStream.Entry entry) {
        ring.add(entry);
        news.release();
    }

    /** What stands in the outbox, at each look: it is told when it has come through the stream, which must not take long. */
    void waitingInOutbox(List<Change> changes) {
        var now = System.nanoTime();
        var since = new HashMap<Change, Long>();
        changes.forEach(change -> since.put(change, outboxSince.getOrDefault(change, now)));
        outboxSince = since;
        stuck = since.values().stream().anyMatch(first -> now - first > OUTBOX_PATIENCE.toNanos());
    }

    private boolean isLive() {
        return !stopping && !stuck && trust.isGiven();
    }

    private void serve() {
        try {
            while (!stopping) {
                news.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
                serveAll();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            stopping = true;
        }
        serveAll();
    }

    private void serveAll() {
        var now = System.nanoTime();
        waiters.removeIf(waiter -> {
            if (!isLive()) {
                waiter.answer.completeExceptionally(unavailable());
            }
            return waiter.serve(now);
        });
    }

    private boolean takePlace(String who) {
        var all = waiting.incrementAndGet();
        var own = waitingByWho.merge(who, 1, Integer::sum);
        if (all <= config.waitersMax() && own <= config.waitersPerTenantMax()) {
            return true;
        }
        leavePlace(who);
        return false;
    }

    private void leavePlace(String who) {
        waiting.decrementAndGet();
        waitingByWho.computeIfPresent(who, (name, count) -> count > 1 ? count - 1 : null);
    }

    private static Problem unavailable() {
        return new Problem(CommonProblem.UNAVAILABLE, "Changes cannot be told now: keep nothing, and ask each time")
                .header("Retry-After", "1");
    }

    private static Problem tooMany() {
        return new Problem(CommonProblem.RATE_LIMITED, "Too many wait for changes").header("Retry-After", "1");
    }

    /** Somebody who waits. */
    private static final class Waiter {

        private final CompletableFuture<Changes> answer = new CompletableFuture<>();
        private final Question question;
        private final ChangeRing ring;
        private final long startNanos;
        private long after;

        private Waiter(Question question, ChangeRing ring, long startNanos) {
            this.question = question;
            this.ring = ring;
            this.startNanos = startNanos;
            this.after = question.after().orElseThrow();
        }

        /** Whether it has its answer, or wants none any more. */
        private boolean serve(long now) {
            if (answer.isDone()) {
                return true;
            }
            if (after > ring.last() && now - startNanos < CATCH_UP.toNanos()) {
                return false;
            }
            var changes = ring.after(after, question);
            if (changes.reset()
                    || !changes.keys().isEmpty()
                    || now - startNanos >= question.patience().toNanos()) {
                answer.complete(changes);
                return true;
            }
            after = changes.epoch();
            return false;
        }
    }
}
