package dev.latchkey.platform.caller;

import java.util.Optional;
import java.util.UUID;

/**
 * Who is calling: one shape for every way to authenticate.
 *
 * @param kind how the caller authenticated
 * @param tenantId the tenant that everything the caller sees belongs to
 * @param id the session's or the credential's id, never its text
 * @param userId the user who is calling, or who made the credential; absent where the maker was itself a credential without a user
 * @param role the user's role; a credential acts as {@code guest}, so that no role check lets it in
 * @param scopes all scopes of the role for a session, and the granted ones for a credential
 */
public record Caller(Kind kind, UUID tenantId, UUID id, Optional<UUID> userId, Role role, Scopes scopes) {

    /** How a caller authenticated. The word is what logs, metrics and usage events carry. */
    public enum Kind {
        SESSION("session"),
        API_TOKEN("api_token"),
        /** A JWT API key (V2). */
        API_KEY("api_key"),
        /** A short-lived token that was derived from an API key, and dies with it. */
        DERIVED_TOKEN("derived_token"),
        /** An opaque key of the first version. */
        V1_KEY("v1_key");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public boolean isCredential() {
        return kind != Kind.SESSION;
    }
}
