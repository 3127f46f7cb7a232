package dev.latchkey.keycheck;

import dev.latchkey.credential.Credential;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a valid key is told about itself. */
record ValidKey(
        boolean valid, String keyId, String role, List<String> scopes, Instant expiresAt, Instant refreshAfter) {

    static ValidKey of(Credential key, Duration refreshWindow) {
        var expiresAt = key.expiresAt().orElseThrow();
        var label = key.label().orElseThrow();
        return new ValidKey(
                true, label.keyId(), label.role(), key.scopes().words(), expiresAt, expiresAt.minus(refreshWindow));
    }
}
