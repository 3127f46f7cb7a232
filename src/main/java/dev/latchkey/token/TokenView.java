package dev.latchkey.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token as its tenant sees it.
 *
 * @param token the text: in the answers to creation and rotation, and nowhere else
 */
record TokenView(
        UUID id,
        String name,
        String tokenPrefix,
        String environment,
        List<String> scopes,
        RateLimits rateLimits,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ShadowRateLimits shadowRateLimits,
        List<String> allowedCidrs,
        String status,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        Instant createdAt,
        UUID createdBy,
        @Nullable UUID teamId,
        @Nullable UUID rotatedFrom,
        Map<String, Object> metadata,
        @Nullable Credits credits,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token) {

    static TokenView of(ApiToken token, @Nullable Instant lastUsedAt, @Nullable Credits credits, Instant now) {
        return new TokenView(
                token.id,
                token.name,
                token.prefix,
                token.environment,
                List.of(token.scopes),
                RateLimits.of(token),
                ShadowRateLimits.of(token),
                List.of(token.allowedCidrs),
                TokenStatus.of(token, now).word(),
                token.expiresAt,
                lastUsedAt,
                token.createdAt,
                token.createdBy,
                token.teamId,
                token.rotatedFrom,
                token.metadata,
                credits,
                null);
    }

    TokenView withText(String text) {
        return new TokenView(
                id,
                name,
                tokenPrefix,
                environment,
                scopes,
                rateLimits,
                shadowRateLimits,
                allowedCidrs,
                status,
                expiresAt,
                lastUsedAt,
                createdAt,
                createdBy,
                teamId,
                rotatedFrom,
                metadata,
                credits,
                text);
    }

    @Override
    public String toString() {
        return "TokenView[id=" + id + "]";
    }
}
