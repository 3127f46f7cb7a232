package dev.latchkey.platform.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** All near caches of this process, by name. */
// The library makes its caches of classes that it finds by name; those that weigh are not among what the extension
// registers.
@RegisterForReflection(
        classNames = {
            "com.github.benmanes.caffeine.cache.FSMW",
            "com.github.benmanes.caffeine.cache.SSMWA",
            "com.github.benmanes.caffeine.cache.SSMWW",
            "com.github.benmanes.caffeine.cache.WS",
            "com.github.benmanes.caffeine.cache.WSMW"
        })
@ApplicationScoped
public class NearCaches {

    private final Map<String, NearCache<?>> caches = new ConcurrentHashMap<>();
    private final CacheTrust trust;
    private final MeterRegistry metrics;

    NearCaches(CacheTrust trust, MeterRegistry metrics) {
        this.trust = trust;
        this.metrics = metrics;
    }

    /** @param name the word that invalidations and metrics carry; one cache each */
    public <V> NearCache<V> create(String name, long maximumSize) {
        return create(name, maximumSize, value -> 1, NearCache.Loading::life, null);
    }

    /**
     * One whose values are read anew before they run out, while they are asked for.
     *
     * @param weight how much of the room a value takes; an absence takes 1
     */
    public <V> NearCache<V> create(String name, long room, ToIntFunction<V> weight, NearCache.Reload<V> reload) {
        return create(name, room, weight, NearCache.Loading::youth, reload);
    }

    private <V> NearCache<V> create(
            String name,
            long room,
            ToIntFunction<V> weight,
            Supplier<Duration> youth,
            NearCache.@Nullable Reload<V> reload) {
        var misses = metrics.counter("latchkey_near_cache_misses", "cache", name);
        var cache = new NearCache<V>(room, weight, trust::isGiven, misses::increment, youth, reload);
        caches.put(name, cache);
        return cache;
    }

    void forget(Change change) {
        var cache = caches.get(change.cache());
        if (cache != null) {
            cache.forget(change.key());
        }
    }

    void forgetAll() {
        caches.values().forEach(NearCache::forgetAll);
    }
}
