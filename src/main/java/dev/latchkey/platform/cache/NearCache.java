package dev.latchkey.platform.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Immutable values by key, in this process: one load per key at a time, absence remembered briefly, nothing kept for longer
 * than 30 seconds. A load that an invalidation overtook is not kept, and no later call joins it.
 */
public final class NearCache<V> {

    static final Duration LONGEST_LIFE = Duration.ofSeconds(30);
    static final Duration SHORTEST_LIFE = Duration.ofSeconds(20);
    private static final Duration LIFE_OF_ABSENCE = Duration.ofSeconds(5);

    private final AsyncCache<String, Optional<V>> values;
    private final BooleanSupplier trusted;
    private final Runnable onMiss;

    NearCache(long mostWeight, ToIntFunction<V> weight, BooleanSupplier trusted, Runnable onMiss) {
        this.values = Caffeine.newBuilder()
                .maximumWeight(mostWeight)
                .weigher((String key, Optional<V> value) ->
                        value.map(weight::applyAsInt).orElse(1))
                .expireAfter(Expiry.creating(
                        (String key, Optional<V> value) -> value.isPresent() ? life() : LIFE_OF_ABSENCE))
                .buildAsync();
        this.trusted = trusted;
        this.onMiss = onMiss;
    }

    // What was loaded together, as after a start, must not all be loaded anew together: everybody else would wait for
    // it.
    static Duration life() {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(SHORTEST_LIFE.toNanos(), LONGEST_LIFE.toNanos()));
    }

    /**
     * The value of the key, loaded on a worker thread if it is not here.
     *
     * @param load blocking; runs in no transaction and no request
     */
    public Uni<Optional<V>> get(String key, Supplier<Optional<V>> load) {
        if (!trusted.getAsBoolean()) {
            onMiss.run();
            return Uni.createFrom().completionStage(() -> loading(load));
        }
        var known = glance(key);
        if (known.isPresent()) {
            return Uni.createFrom().item(known.get());
        }
        return Uni.createFrom()
                .completionStage(() -> values.get(key, (missing, executor) -> {
                    onMiss.run();
                    return loading(load);
                }));
    }

    /** What is known of the key here and now: empty if nothing is, or may be trusted. */
    public Optional<Optional<V>> glance(String key) {
        var present = trusted.getAsBoolean() ? values.getIfPresent(key) : null;
        return present != null && present.isDone() && !present.isCompletedExceptionally()
                ? Optional.of(present.join())
                : Optional.empty();
    }

    void forget(String key) {
        // Through the map view: it also detaches a load under way, so that its outcome, older than the change, is not
        // kept.
        values.asMap().remove(key);
    }

    void forgetAll() {
        values.asMap().clear();
    }

    private CompletableFuture<Optional<V>> loading(Supplier<Optional<V>> load) {
        return CompletableFuture.supplyAsync(load, Infrastructure.getDefaultWorkerPool());
    }
}
