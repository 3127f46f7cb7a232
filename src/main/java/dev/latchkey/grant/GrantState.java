package dev.latchkey.grant;

import java.util.Locale;

/** How a grant stands. */
public enum GrantState {
    CONNECTED,
    /** The last refresh failed; the next one may not. */
    DEGRADED,
    /** The provider ended it. */
    REAUTHORIZATION_REQUIRED,
    REVOKED;

    /** As it is stored and told. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static GrantState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
