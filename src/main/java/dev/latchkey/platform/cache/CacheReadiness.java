package dev.latchkey.platform.cache;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Always up: without word of changes the caches are bypassed, which is slower and not wrong. */
@Readiness
@ApplicationScoped
class CacheReadiness implements HealthCheck {

    private final CacheTrust trust;

    CacheReadiness(CacheTrust trust) {
        this.trust = trust;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("near_caches")
                .up()
                .withData("in_use", trust.isGiven())
                .build();
    }
}
