package dev.latchkey.refresh;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.grant.Backoff;
import dev.latchkey.provider.TokenReply;
import dev.latchkey.provider.TokenReply.Failed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Leaves a provider alone that fails again and again, and one client's part of it that asks to be left alone: what a provider says to one client is no
 * reason to ask nothing for another. On this replica.
 */
@Singleton
class Breakers {

    private static final int FAILURES = 5;
    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(2));
    private static final int MOST_KNOWN = 10_000;

    /** @param closedUntil when it may be asked again */
    private record Breaker(int failures, Instant closedUntil) {}

    private final Cache<String, Breaker> breakers = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(Duration.ofDays(1))
            .build();
    private final Clock clock;

    Breakers(Clock clock) {
        this.clock = clock;
    }

    /** How long the provider is left alone yet by this client; empty if it may be asked. */
    Optional<Duration> wait(String provider, UUID client) {
        return Stream.of(provider, of(provider, client))
                .flatMap(key -> Optional.ofNullable(breakers.getIfPresent(key)).stream())
                .map(known -> Duration.between(clock.instant(), known.closedUntil()))
                .filter(Duration::isPositive)
                .max(Duration::compareTo);
    }

    /** Takes note of what the provider said. */
    void heard(String provider, UUID client, TokenReply reply) {
        if (reply instanceof Failed failed && failed.isOfProvider()) {
            breakers.asMap()
                    .merge(
                            provider,
                            new Breaker(1, clock.instant()),
                            (known, first) -> failedAgain(known.failures() + 1));
        } else {
            breakers.invalidate(provider);
        }
        if (reply instanceof Failed failed && failed.retryAfter().isPresent()) {
            breakers.put(
                    of(provider, client),
                    new Breaker(1, clock.instant().plus(failed.retryAfter().get())));
        }
    }

    private Breaker failedAgain(int failures) {
        var pause = failures < FAILURES ? Duration.ZERO : PAUSES.pause(failures - FAILURES);
        return new Breaker(failures, clock.instant().plus(pause));
    }

    private static String of(String provider, UUID client) {
        return provider + "\n" + client;
    }
}
