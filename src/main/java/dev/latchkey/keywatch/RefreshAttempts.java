package dev.latchkey.keywatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.apikey.ApiKeyEvent;
import dev.latchkey.keywatch.SuspiciousActivity.Reason;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts refreshes in vain, on this replica. */
@Singleton
class RefreshAttempts {

    private static final int MANY = 5;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    private final Suspicions suspicions;
    private final Cache<UUID, AtomicInteger> attempts =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(WITHIN).build();

    RefreshAttempts(Suspicions suspicions) {
        this.suspicions = suspicions;
    }

    void count(@Observes ApiKeyEvent event) {
        if (event instanceof ApiKeyEvent.RefreshRefused refused
                && attempts.get(refused.jti(), key -> new AtomicInteger()).incrementAndGet() == MANY) {
            suspicions.raise(new SuspiciousActivity(
                    refused.tenantId(),
                    refused.jti(),
                    refused.keyId(),
                    Reason.RAPID_REFRESH,
                    Map.of("refused", MANY, "within_seconds", WITHIN.toSeconds())));
        }
    }
}
