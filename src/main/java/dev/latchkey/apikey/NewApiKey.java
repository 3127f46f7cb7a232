package dev.latchkey.apikey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A key that was just made: the only time that its text is shown.
 *
 * @param refreshAfter from then on it may be refreshed
 */
public record NewApiKey(
        String apiKey,
        String keyId,
        String role,
        List<String> scopes,
        Instant expiresAt,
        Instant refreshAfter,
        Map<String, Object> metadata) {

    static NewApiKey of(ApiKey key, String text, Duration refreshWindow) {
        return new NewApiKey(
                text,
                key.keyId,
                key.role,
                List.of(key.scopes),
                key.expiresAt,
                key.expiresAt.minus(refreshWindow),
                key.metadata);
    }

    @Override
    public String toString() {
        return "NewApiKey[keyId=" + keyId + "]";
    }
}
