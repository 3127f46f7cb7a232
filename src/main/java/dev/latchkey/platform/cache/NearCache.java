package dev.latchkey.platform.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Immutable values by key, in this process: one load per key at a time, absence remembered briefly, nothing kept for longer
 * than 30 seconds. What is asked for is loaded anew before that, behind whoever asks. A load that an invalidation overtook is not kept, and
 * no later call joins it.
 */
public final class NearCache<V> {

    /** Reads values anew, given those that are known by key; leaves out what is no longer there. Blocking; runs in no transaction and no request. */
    @FunctionalInterface
    public interface Reload<V> {
        Map<String, V> of(Map<String, V> known);
    }

    private record Due<V>(String key, Loading<V> known) {}

    static final Duration LONGEST_LIFE = Duration.ofSeconds(30);

    private static final Logger LOG = Logger.getLogger(NearCache.class);
    private static final int MOST_TOGETHER = 200;
    private static final int MOST_DUE = 10_000;

    private final AsyncCache<String, Optional<V>> values;
    private final BooleanSupplier trusted;
    private final Runnable onMiss;
    private final Supplier<Duration> youth;
    private final @Nullable Reload<V> reload;
    // Should the reading hang, what finds no room here lives to its end.
    private final Queue<Due<V>> due = new LinkedBlockingQueue<>(MOST_DUE);
    private final AtomicBoolean isReloading = new AtomicBoolean();
    private volatile boolean isFailing;

    NearCache(
            long mostWeight,
            ToIntFunction<V> weight,
            BooleanSupplier trusted,
            Runnable onMiss,
            Supplier<Duration> youth,
            @Nullable Reload<V> reload) {
        this.values = Caffeine.newBuilder()
                .maximumWeight(mostWeight)
                .weigher((String key, Optional<V> value) ->
                        value.map(weight::applyAsInt).orElse(1))
                .expireAfterWrite(LONGEST_LIFE)
                // Its upkeep is some microseconds now and then: less than to wake another thread up for it.
                .executor(Runnable::run)
                .buildAsync();
        this.trusted = trusted;
        this.onMiss = onMiss;
        this.youth = youth;
        this.reload = reload;
    }

    /**
     * The value of the key, loaded on a worker thread if it is not here.
     *
     * @param load blocking; runs in no transaction and no request
     */
    public Uni<Optional<V>> get(String key, Supplier<Optional<V>> load) {
        if (!trusted.getAsBoolean()) {
            onMiss.run();
            return Uni.createFrom().completionStage(() -> Loading.begin(load, youth));
        }
        var known = glance(key);
        if (known.isPresent()) {
            return Uni.createFrom().item(known.get());
        }
        return Uni.createFrom()
                .completionStage(() -> values.get(key, (missing, executor) -> {
                    onMiss.run();
                    return Loading.begin(load, youth);
                }));
    }

    /** What is known of the key here and now: empty if nothing is, or may be trusted. */
    public Optional<Optional<V>> glance(String key) {
        if (!trusted.getAsBoolean()
                || !(values.getIfPresent(key) instanceof Loading<V> known)
                || !known.isDone()
                || known.isCompletedExceptionally()) {
            return Optional.empty();
        }
        var value = known.join();
        if (known.isDue()) {
            if (value.isEmpty() || reload == null) {
                values.asMap().remove(key, known);
                return Optional.empty();
            }
            due.offer(new Due<>(key, known));
            reloadBehind();
        }
        return Optional.of(value);
    }

    // What comes due while others are read is read together: one after the other would cost ten times as much.
    private void reloadBehind() {
        if (!due.isEmpty() && isReloading.compareAndSet(false, true)) {
            try {
                Infrastructure.getDefaultWorkerPool().execute(this::reloadDue);
            } catch (RejectedExecutionException e) {
                isReloading.set(false);
            }
        }
    }

    private void reloadDue() {
        try {
            for (var some = nextDue(); !some.isEmpty(); some = nextDue()) {
                replace(some);
                isFailing = false;
            }
        } catch (RuntimeException e) {
            if (!isFailing) {
                LOG.warnf("What could not be loaded anew lives to its end: %s", e);
            }
            isFailing = true;
        } finally {
            isReloading.set(false);
            reloadBehind();
        }
    }

    private List<Due<V>> nextDue() {
        var some = new ArrayList<Due<V>>();
        for (var one = due.poll(); one != null; one = some.size() < MOST_TOGETHER ? due.poll() : null) {
            some.add(one);
        }
        return some;
    }

    // Replaced is only what is still there: whatever was forgotten meanwhile stays so.
    private void replace(List<Due<V>> some) {
        var known = new HashMap<String, V>();
        some.forEach(one -> one.known().join().ifPresent(value -> known.put(one.key(), value)));
        var fresh = Objects.requireNonNull(reload).of(known);
        some.forEach(one -> values.asMap()
                .replace(one.key(), one.known(), Loading.ended(Optional.ofNullable(fresh.get(one.key())), youth)));
    }

    void forget(String key) {
        // Through the map view: it also detaches a load under way, so that its outcome, older than the change, is not
        // kept.
        values.asMap().remove(key);
    }

    void forgetAll() {
        values.asMap().clear();
    }

    /** A value that is being loaded on a worker thread, or was; and when that should be done again. */
    static final class Loading<V> extends CompletableFuture<Optional<V>> {

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

        static <V> Loading<V> ended(Optional<V> value, Supplier<Duration> youth) {
            var loading = new Loading<V>();
            loading.end(() -> value, youth);
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

        // What was loaded together, as after a start, is not all loaded anew together: everybody else would wait for
        // it.
        static Duration youth() {
            return Duration.ofNanos(ThreadLocalRandom.current().nextLong(SHORTEST.toNanos(), LONGEST.toNanos()));
        }

        /** The same where nothing is loaded anew: it is gone then. */
        static Duration life() {
            return youth().plus(SHORTEST);
        }

        private static int now() {
            return ticks(Duration.ofNanos(System.nanoTime() - BEGAN));
        }

        private static int ticks(Duration time) {
            return (int) (time.toMillis() / MILLIS_OF_TICK);
        }
    }
}
