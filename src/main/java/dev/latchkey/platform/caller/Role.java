package dev.latchkey.platform.caller;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What a user is on this installation. {@code admin} and {@code owner} are the operator's own staff, across tenants. */
public enum Role {
    GUEST,
    USER,
    ADMIN,
    OWNER;

    /** Whether this role may do all that the other may. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if no role has that word */
    public static Role of(String word) {
        return Arrays.stream(values())
                .filter(role -> role.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of guest, user, admin, owner"));
    }
}
