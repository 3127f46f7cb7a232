package dev.latchkey.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of callers who have no limits of their own, and what happens without Redis. */
@ConfigMapping(prefix = "latchkey.limits")
public interface LimitConfig {

    /** What decides while Redis gives no answer. */
    @WithDefault("local")
    WhenRedisIsAway whenRedisIsAway();

    /** How long a decision may wait for Redis. */
    @WithDefault("1s")
    Duration timeout();

    /** For each client address that sends no credential. */
    Anonymous anonymous();

    /** Calls that hash a password, such as logins, for each client address or user: each keeps a processor busy for a while. */
    @WithDefault("300")
    long passwordsPerMinute();

    /** Signatures of JWTs that are checked for each client address: one for each token that a replica has not seen. */
    @WithDefault("3000")
    long signaturesPerMinute();

    /** For each user with a session. */
    Session session();

    /** What to do when Redis cannot decide. */
    enum WhenRedisIsAway {
        /** Each replica counts alone, from zero. */
        LOCAL,
        /** Everything is admitted. */
        OPEN,
        /** Everything is refused. */
        CLOSED
    }

    interface Anonymous {
        @WithDefault("600")
        long perMinute();

        @WithDefault("10000")
        long perHour();
    }

    interface Session {
        @WithDefault("600")
        long perMinute();

        @WithDefault("20000")
        long perHour();

        @WithDefault("200000")
        long perDay();
    }
}
