package dev.latchkey.grant;

import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How long an access token lives, and when it is refreshed; nothing of it for one that does not expire.
 *
 * @param length from now on
 */
record Life(Optional<Duration> length, Optional<Instant> expiresAt, Optional<Instant> dueAt) {

    // So that what was connected together is not refreshed together.
    private static final double JITTER = 0.05;

    static Life of(Tokens tokens, Provider provider, double refreshAt, Instant now) {
        var length = tokens.life().or(provider::lifeWhenUnsaid);
        var part = Math.clamp(refreshAt + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER), 0, 1);
        return new Life(
                length, length.map(now::plus), length.map(all -> now.plusMillis((long) (all.toMillis() * part))));
    }

    @Nullable
    Long seconds() {
        return length.map(Duration::toSeconds).orElse(null);
    }
}
