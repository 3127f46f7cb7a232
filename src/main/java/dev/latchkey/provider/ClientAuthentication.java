package dev.latchkey.provider;

import java.util.Locale;

/** How a client proves who it is at the token endpoint (RFC 6749, section 2.3.1; RFC 7523, section 2.2). */
public enum ClientAuthentication {
    CLIENT_SECRET_BASIC,
    CLIENT_SECRET_POST,
    /** The secret is a private key as a JWK. */
    PRIVATE_KEY_JWT;

    /** As the metadata of providers says it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of that {@link #word}. */
    public static ClientAuthentication of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
