package dev.latchkey.platform.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Immutable values by key, in this process: one load per key at a time, absence remembered briefly, nothing kept for longer
 * than 30 seconds. What is asked for is loaded anew before that, behind whoever asks. A load that an invalidation overtook is not kept, and
 * no later call joins it.
 */
public final class NearCache<V> {

    static final Duration LONGEST_LIFE = Duration.ofSeconds(30);

    private final AsyncCache<String, Optional<V>> values;
    private final BooleanSupplier trusted;
    private final Runnable onMiss;
    private final Supplier<Duration> youth;

    NearCache(
            long mostWeight,
            ToIntFunction<V> weight,
            BooleanSupplier trusted,
            Runnable onMiss,
            Supplier<Duration> youth) {
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
        var known = glance(key, load);
        if (known.isPresent()) {
            return Uni.createFrom().item(known.get());
        }
        return Uni.createFrom()
                .completionStage(() -> values.get(key, (missing, executor) -> {
                    onMiss.run();
                    return Loading.begin(load, youth);
                }));
    }

    /**
     * What is known of the key here and now: empty if nothing is, or may be trusted.
     *
     * @param load as for {@link #get}, for what should be loaded anew soon
     */
    public Optional<Optional<V>> glance(String key, Supplier<Optional<V>> load) {
        if (!trusted.getAsBoolean()
                || !(values.getIfPresent(key) instanceof Loading<V> known)
                || !known.isDone()
                || known.isCompletedExceptionally()) {
            return Optional.empty();
        }
        var value = known.join();
        if (known.isDue()) {
            if (value.isEmpty()) {
                values.asMap().remove(key, known);
                return Optional.empty();
            }
            refresh(key, known, load);
        }
        return Optional.of(value);
    }

    // Replaced is only what is still there: whatever was forgotten meanwhile stays so. What cannot be loaded lives to
    // its end.
    private void refresh(String key, Loading<V> known, Supplier<Optional<V>> load) {
        Loading<V> fresh = Loading.begin(load, youth);
        fresh.whenComplete((value, failure) -> {
            if (failure == null) {
                values.asMap().replace(key, known, fresh);
            }
        });
    }

    void forget(String key) {
        // Through the map view: it also detaches a load under way, so that its outcome, older than the change, is not
        // kept.
        values.asMap().remove(key);
    }

    void forgetAll() {
        values.asMap().clear();
    }
}
