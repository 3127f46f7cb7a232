package dev.latchkey.oauthclient;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a client.
 *
 * @param clientId our number
 * @param clientAuthentication null if it is what the provider says
 * @param secrets how many of its secrets are tried
 */
record OauthClientView(
        long clientId,
        String clientOauthId,
        String provider,
        @Nullable String clientAuthentication,
        String branchId,
        String email,
        String workspaceName,
        String redirectUri,
        List<String> scopes,
        boolean isActive,
        int secrets,
        Instant createdAt,
        Instant updatedAt) {

    static OauthClientView of(OauthClient client, int secrets) {
        return new OauthClientView(
                client.number,
                client.clientOauthId,
                client.provider,
                client.clientAuthentication,
                client.branchId,
                client.workspaceEmail,
                client.workspaceName,
                client.redirectUri,
                List.of(client.scopes),
                client.isActive,
                secrets,
                client.createdAt,
                client.updatedAt);
    }
}
