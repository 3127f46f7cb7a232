package dev.latchkey.grant;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Leaves a provider alone that fails again and again, or asks to be left alone. On this replica. */
@Singleton
class Breakers {

    private static final int FAILURES = 5;
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int MOST_DOUBLINGS = 10;

    private record Breaker(int failures, Instant opensAgain) {}

    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final Clock clock;

    Breakers(Clock clock) {
        this.clock = clock;
    }

    /** How long the provider is left alone yet; empty if it may be asked. */
    Optional<Duration> wait(String provider) {
        var breaker = breakers.get(provider);
        return Optional.ofNullable(breaker)
                .map(known -> Duration.between(clock.instant(), known.opensAgain()))
                .filter(Duration::isPositive);
    }

    void worked(String provider) {
        breakers.remove(provider);
    }

    /** @param retryAfter what the provider asked for */
    void failed(String provider, Optional<Duration> retryAfter) {
        breakers.merge(
                provider, new Breaker(1, clock.instant().plus(retryAfter.orElse(Duration.ZERO))), (known, ignored) -> {
                    var failures = known.failures() + 1;
                    var pause = failures < FAILURES ? Duration.ZERO : pause(failures - FAILURES);
                    var asked = retryAfter.orElse(Duration.ZERO);
                    var longer = asked.compareTo(pause) > 0 ? asked : pause;
                    var until = clock.instant().plus(longer);
                    return new Breaker(failures, until.isAfter(known.opensAgain()) ? until : known.opensAgain());
                });
    }

    private static Duration pause(int doublings) {
        var pause = SHORTEST.multipliedBy(1L << Math.min(doublings, MOST_DOUBLINGS));
        var bounded = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
        return Duration.ofMillis(
                (long) (bounded.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }
}
