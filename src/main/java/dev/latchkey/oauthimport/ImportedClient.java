package dev.latchkey.oauthimport;

import dev.latchkey.platform.json.Text;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A line: a client as the other service has it. {@link ImportCheck} sees what is missing, or wrong with it; times are as they were written.
 *
 * @param scope what its logins ask for, in one text; left out, what the provider's do
 * @param isActive true if left out
 * @param token the one that is live; left out if there is none
 */
@RegisterForReflection
record ImportedClient(
        String clientId,
        @Nullable String clientSecret,
        String redirectUri,
        String branchId,
        String workspaceEmail,
        String workspaceName,
        @Nullable String scope,
        @Nullable Boolean isActive,
        @Nullable String createdAt,
        @Nullable String updatedAt,
        @Nullable @Valid Token token) {

    /** Within the bounds of what providers' answers may hold. */
    @RegisterForReflection
    record Token(
            @NotNull @Size(min = 1, max = LONGEST) @Pattern(regexp = PRINTABLE, message = UNPRINTABLE)
            String accessToken,

            @Nullable @Size(min = 1, max = LONGEST) @Pattern(regexp = PRINTABLE, message = UNPRINTABLE)
            String refreshToken,

            @Nullable @Text String tokenType,
            @Nullable @Text(max = LONGEST) String scope,

            @Nullable String expiresAt,
            @Nullable String lastRefreshedAt,
            @Nullable String createdAt) {

        private static final int LONGEST = 16_384;
        private static final String PRINTABLE = "[^\\x00-\\x1F]*";
        private static final String UNPRINTABLE = "must have no control characters";

        @Override
        public String toString() {
            return "Token";
        }
    }

    @Override
    public String toString() {
        return "ImportedClient";
    }
}
