package dev.latchkey.grant;

import java.util.Locale;

/** Who granted it. */
public enum GrantKind {
    /** An account's owner, by a login or with a device; a refresh token goes on with it. */
    ACCOUNT,
    /** The provider, to the client itself (RFC 6749, section 4.4): it is asked again, as the first time. */
    CLIENT;

    /** As it is stored. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static GrantKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
