package dev.latchkey.oauthclient;

import static dev.latchkey.oauthclient.NewOauthClient.VISIBLE;
import static dev.latchkey.oauthclient.NewOauthClient.WHOLE;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.json.Text;
import dev.latchkey.provider.ClientAuthentication;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What shall change of a client; what is left out or null stays.
 *
 * @param clientSecret tried first from now on
 * @param clientAuthentication how it proves itself from now on, with all secrets that it keeps
 * @param keepOldSecrets whether those before it are tried after it, while the provider changes over; false if left out
 */
record UpdateOauthClient(
        @Nullable @Size(min = 1, max = 8192) @Pattern(regexp = WHOLE, message = "must be text")
        String clientSecret,

        @Nullable ClientAuthentication clientAuthentication,
        @Nullable Boolean keepOldSecrets,
        @Nullable @Size(max = 4096) String redirectUri,

        @Nullable @Size(max = 254) @Email(regexp = VISIBLE, message = "must be an e-mail address")
        String workspaceEmail,

        @Nullable @Text(max = 255) String workspaceName,

        @Nullable @Size(max = 64)
        List<@NotNull @Size(max = 255) @Pattern(regexp = VISIBLE, message = "must be visible ASCII") String> scopes,

        @Nullable Boolean isActive) {

    Optional<Secret> secret() {
        return Optional.ofNullable(clientSecret).map(Secret::new);
    }

    @Override
    public String toString() {
        return "UpdateOauthClient";
    }
}
