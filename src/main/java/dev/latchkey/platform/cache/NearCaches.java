package dev.latchkey.platform.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** All near caches of this process, by name. */
// The library makes its caches of classes that it finds by name; those that weigh are not among what the extension
// registers.
@RegisterForReflection(
        classNames = {
            "com.github.benmanes.caffeine.cache.FSMW",
            "com.github.benmanes.caffeine.cache.SSMWA",
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
        return create(name, maximumSize, value -> 1);
    }

    /** @param weight how much of the room a value takes; an absence takes 1 */
    public <V> NearCache<V> create(String name, long room, ToIntFunction<V> weight) {
        var misses = metrics.counter("latchkey_near_cache_misses", "cache", name);
        var cache = new NearCache<V>(room, weight, trust::isGiven, misses::increment, NearCache.Loading::youth);
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
