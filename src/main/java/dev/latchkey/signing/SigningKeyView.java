package dev.latchkey.signing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signing key as administrators see it.
 *
 * @param signedUntil no token that it signed lives longer; up to a day more than the last one lives; null if it has signed none
 * @param endedAt when it was retired or withdrawn
 * @param signed what holds a token of it that is valid now, by kind; in the answer to a withdrawal, what died
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record SigningKeyView(
        String kid,
        String algorithm,
        KeyState state,
        Instant createdAt,
        @Nullable Instant currentSince,
        @Nullable Instant signedUntil,
        @Nullable Instant endedAt,
        Map<String, Long> signed) {

    static SigningKeyView of(SigningKey key, Map<String, Long> signed) {
        return new SigningKeyView(
                key.kid,
                key.algorithm.name(),
                key.state,
                key.createdAt,
                key.currentSince,
                key.signedUntil,
                key.endedAt,
                signed);
    }
}
