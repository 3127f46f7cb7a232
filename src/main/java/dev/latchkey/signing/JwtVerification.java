package dev.latchkey.signing;

import org.eclipse.microprofile.jwt.JsonWebToken;

/** What came of looking at a JWT. */
public sealed interface JwtVerification {

    /** Signed by a key of ours, of our issuer and of the type asked for, and not expired. */
    record Valid(JsonWebToken token) implements JwtVerification {}

    /** The same, but expired. */
    record Expired() implements JwtVerification {}

    /** Anything else. Which, is not told. */
    record Invalid() implements JwtVerification {}
}
