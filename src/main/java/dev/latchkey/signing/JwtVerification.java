package dev.latchkey.signing;

import java.time.Instant;

/** What came of looking at a JWT. */
public sealed interface JwtVerification<T> {

    /**
     * Signed by a key of ours, of our issuer and of the type asked for, and not expired.
     *
     * @param kid the key
     * @param claims what it says
     */
    record Valid<T>(String kid, T claims, Instant expiresAt) implements JwtVerification<T> {}

    /** The same, but expired. */
    record Expired<T>() implements JwtVerification<T> {}

    /** Anything else. Which, is not told. */
    record Invalid<T>() implements JwtVerification<T> {}
}
