package dev.latchkey.derived;

import java.time.Instant;
import java.util.List;

/**
 * A derived token: the only time that its text is shown.
 *
 * @param expiresIn seconds
 */
record DerivedToken(
        String token, String tokenType, String keyId, List<String> scopes, Instant expiresAt, long expiresIn) {
    @Override
    public String toString() {
        return "DerivedToken[keyId=" + keyId + "]";
    }
}
