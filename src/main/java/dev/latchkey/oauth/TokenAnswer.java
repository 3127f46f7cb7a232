package dev.latchkey.oauth;

import dev.latchkey.oauth.ConnectionService.Live;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that works now.
 *
 * @param expiresAt null for a token that does not expire
 */
// Written as JSON on the short way as well, where a native image does not see it.
@RegisterForReflection
record TokenAnswer(
        boolean success,
        long clientId,
        String branchId,
        String accessToken,
        String tokenType,
        @Nullable String scope,
        @Nullable Instant expiresAt,
        boolean isValid,
        boolean isRevoked,
        @Nullable Instant lastRefreshedAt,
        String state) {

    static TokenAnswer of(Live live) {
        var grant = live.grant();
        return new TokenAnswer(
                true,
                live.number(),
                grant.branchId(),
                grant.accessToken().orElseThrow().reveal(),
                grant.tokenType(),
                grant.scope().orElse(null),
                grant.expiresAt().orElse(null),
                true,
                false,
                grant.lastRefreshedAt().orElse(null),
                grant.isLeased() ? "refreshing" : grant.state().word());
    }

    @Override
    public String toString() {
        return "TokenAnswer";
    }
}
