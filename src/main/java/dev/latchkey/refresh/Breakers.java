package dev.latchkey.refresh;

import dev.latchkey.grant.Backoff;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Leaves a provider alone that fails again and again, or asks to be left alone. On this replica. */
@Singleton
class Breakers {

    private static final int FAILURES = 5;
    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(2));

    /** @param closedUntil when it may be asked again */
    private record Breaker(int failures, Instant closedUntil) {}

    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final Clock clock;

    Breakers(Clock clock) {
        this.clock = clock;
    }

    /** How long the provider is left alone yet; empty if it may be asked. */
    Optional<Duration> wait(String provider) {
        return Optional.ofNullable(breakers.get(provider))
                .map(known -> Duration.between(clock.instant(), known.closedUntil()))
                .filter(Duration::isPositive);
    }

    void worked(String provider) {
        breakers.remove(provider);
    }

    /** @param retryAfter what the provider asked for */
    void failed(String provider, Optional<Duration> retryAfter) {
        breakers.compute(provider, (name, known) -> {
            var failures = known == null ? 1 : known.failures() + 1;
            var asked = retryAfter.orElse(Duration.ZERO);
            var until = clock.instant().plus(failures < FAILURES ? asked : PAUSES.pause(failures - FAILURES, asked));
            return new Breaker(
                    failures, known == null || until.isAfter(known.closedUntil()) ? until : known.closedUntil());
        });
    }
}
