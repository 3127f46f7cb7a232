package dev.latchkey.token;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The state of a token, told from its row and the time; and the same as a condition on rows. */
enum TokenStatus {
    REVOKED("revokedAt is not null"),
    DISABLED("revokedAt is null and enabled = false"),
    EXPIRED("revokedAt is null and enabled = true and expiresAt <= :now"),
    ACTIVE("revokedAt is null and enabled = true and (expiresAt is null or expiresAt > :now)");

    private final String condition;

    TokenStatus(String condition) {
        this.condition = condition;
    }

    /** In the query language of entities; over the parameter {@code now} if it {@link #dependsOnTime}. */
    String condition() {
        return condition;
    }

    boolean dependsOnTime() {
        return condition.contains(":now");
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<TokenStatus> find(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word().equals(word))
                .findFirst();
    }

    static TokenStatus of(ApiToken token, Instant now) {
        if (token.revokedAt != null) {
            return REVOKED;
        }
        if (!token.enabled) {
            return DISABLED;
        }
        return token.expiresAt != null && !now.isBefore(token.expiresAt) ? EXPIRED : ACTIVE;
    }
}
