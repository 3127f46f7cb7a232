package dev.latchkey.platform.redis;

import org.jspecify.annotations.Nullable;

/** Redis gave no answer, or said that it cannot serve. It carries no stack trace: there may be very many. */
public final class RedisAwayException extends RuntimeException {

    RedisAwayException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }

    /** Whether the command may have run all the same: false where Redis was known to be away, and nothing was sent. */
    public boolean mayHaveRun() {
        return getCause() != null;
    }
}
