package dev.latchkey.oauthclient;

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
 * A client to register.
 *
 * @param clientId what its provider calls it
 * @param clientSecret left out for a public client
 * @param clientAuthentication how it proves itself; left out, as its provider says
 * @param branchId one client for each; it stands in paths, and so has no slash
 * @param scopes left out, those of the provider
 */
public record NewOauthClient(
        @NotNull @Size(max = 255) @Pattern(regexp = VISIBLE, message = "must be visible ASCII")
        String clientId,

        @Nullable @Size(min = 1, max = 8192) @Pattern(regexp = WHOLE, message = "must be text")
        String clientSecret,

        @Nullable ClientAuthentication clientAuthentication,
        @NotNull @Size(max = 4096) String redirectUri,

        @NotNull @Text(max = 255) @Pattern(regexp = SEGMENT, message = "must have no slash, and be more than dots")
        String branchId,

        @NotNull @Size(max = 254) @Email(regexp = VISIBLE, message = "must be an e-mail address")
        String workspaceEmail,

        @NotNull @Text(max = 255) String workspaceName,
        @Nullable @Size(max = 260) String provider,

        @Nullable @Size(max = 64)
        List<@NotNull @Size(max = 255) @Pattern(regexp = VISIBLE, message = "must be visible ASCII") String> scopes) {

    static final String VISIBLE = "[\\x21-\\x7E]+";
    /** What stays itself in a path. */
    static final String SEGMENT = "(?!\\.{1,2}$)[^/\\\\]*";
    /** Halves of characters would be sealed as something else. */
    static final String WHOLE = "[^\\p{Cs}]*";

    Optional<Secret> secret() {
        return Optional.ofNullable(clientSecret).map(Secret::new);
    }

    @Override
    public String toString() {
        return "NewOauthClient";
    }
}
