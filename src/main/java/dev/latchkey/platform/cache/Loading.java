package dev.latchkey.platform.cache;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** A value that is being loaded on a worker thread, or was; and when that should be done again. */
final class Loading<V> extends CompletableFuture<Optional<V>> {

    static final Duration SHORTEST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofSeconds(20);
    private static final Duration LIFE_OF_ABSENCE = Duration.ofSeconds(5);

    // There are many of these, and a long would make each of them larger. The ticks last for six years.
    private static final int MILLIS_OF_TICK = 100;
    private static final long BEGAN = System.nanoTime();
    private static final int NEVER = Integer.MAX_VALUE;

    private volatile int due = NEVER;

    private Loading() {}

    /** @param youth for how long it is served before somebody's asking has it loaded anew */
    static <V> Loading<V> begin(Supplier<Optional<V>> load, Supplier<Duration> youth) {
        var loading = new Loading<V>();
        try {
            Infrastructure.getDefaultWorkerPool().execute(() -> loading.end(load, youth));
        } catch (RejectedExecutionException e) {
            loading.completeExceptionally(e);
        }
        return loading;
    }

    private void end(Supplier<Optional<V>> load, Supplier<Duration> youth) {
        try {
            var value = load.get();
            due = now() + ticks(value.isPresent() ? youth.get() : LIFE_OF_ABSENCE);
            complete(value);
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
    }

    /** Whether its time has come: tells so once. */
    boolean isDue() {
        return now() >= due && claim();
    }

    private synchronized boolean claim() {
        var isFirst = due != NEVER;
        due = NEVER;
        return isFirst;
    }

    // What was loaded together, as after a start, is not all loaded anew together: everybody else would wait for it.
    static Duration youth() {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(SHORTEST.toNanos(), LONGEST.toNanos()));
    }

    private static int now() {
        return ticks(Duration.ofNanos(System.nanoTime() - BEGAN));
    }

    private static int ticks(Duration time) {
        return (int) (time.toMillis() / MILLIS_OF_TICK);
    }
}
