package dev.latchkey.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key as its tenant sees it.
 *
 * @param status {@code active}, {@code expired} or {@code revoked}
 * @param revokedReason {@code revoked}, {@code refreshed} or {@code signing_key_withdrawn}
 * @param createdBy the user who created it; null where that was a key, or nobody known
 * @param createdByKey the key that did
 * @param refreshedFrom the key that it goes on for
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ApiKeyView(
        String keyId,
        String name,
        String role,
        List<String> scopes,
        String status,
        Instant createdAt,
        Instant expiresAt,
        Instant refreshAfter,
        @Nullable Instant revokedAt,
        @Nullable String revokedReason,
        @Nullable Instant lastUsedAt,
        @Nullable UUID createdBy,
        @Nullable String createdByKey,
        @Nullable String refreshedFrom,
        Map<String, Object> metadata) {

    static ApiKeyView of(
            ApiKey key, Map<UUID, String> keyIds, @Nullable Instant lastUsedAt, Duration refreshWindow, Instant now) {
        return new ApiKeyView(
                key.keyId,
                key.name,
                key.role,
                List.of(key.scopes),
                key.revokedAt != null ? "revoked" : key.isUsable(now) ? "active" : "expired",
                key.createdAt,
                key.expiresAt,
                key.expiresAt.minus(refreshWindow),
                key.revokedAt,
                key.revokedReason,
                lastUsedAt,
                key.createdBy,
                key.createdByKey == null ? null : keyIds.get(key.createdByKey),
                key.refreshedFrom == null ? null : keyIds.get(key.refreshedFrom),
                key.metadata);
    }
}
