package dev.latchkey.bot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a bot stands, in one word. */
public enum BotStatus {
    /** Kept, and not verified. */
    PENDING,
    ACTIVE,
    /** By its owner. */
    STOPPED,
    /** By an admin, or because Telegram refused its token. */
    SUSPENDED,
    /** Active, but Telegram wants nothing from it for a while. Never stored: it ends by itself. */
    RATE_LIMITED,
    /** The last verification failed, and not for the token's sake. */
    ERROR;

    /** As it is stored and told. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static BotStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
