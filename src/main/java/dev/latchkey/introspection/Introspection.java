package dev.latchkey.introspection;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.credential.Credential;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The answer of RFC 7662, section 2.2. Of what is not active nothing else is said.
 *
 * @param scope the granted words, with spaces; {@code read:*} and {@code admin:tenant} stand for others; absent if there are none
 * @param clientId what others call the credential, as {@code key_id} is
 * @param sub the user who made it, or itself where there is none
 * @param jti its id
 * @param role of kinds that have roles
 * @param exp seconds since 1970; absent if it does not expire
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Introspection(
        boolean active,
        @Nullable String scope,
        @Nullable String clientId,
        @Nullable String sub,
        @Nullable String tokenType,
        @Nullable Long exp,
        @Nullable Long iat,
        @Nullable UUID jti,
        @Nullable String iss,
        @Nullable String kind,
        @Nullable String keyId,
        @Nullable UUID tenantId,
        @Nullable String role,
        @Nullable String name) {

    static final Introspection INACTIVE =
            new Introspection(false, null, null, null, null, null, null, null, null, null, null, null, null, null);

    static Introspection of(Credential credential, String issuer) {
        return new Introspection(
                true,
                credential.scopes().words().isEmpty()
                        ? null
                        : String.join(" ", credential.scopes().words()),
                credential.keyId(),
                credential.userId().map(UUID::toString).orElseGet(credential::keyId),
                "Bearer",
                credential.expiresAt().map(Instant::getEpochSecond).orElse(null),
                credential.issuedAt(),
                credential.id(),
                issuer,
                credential.kind().word(),
                credential.keyId(),
                credential.tenantId(),
                credential.label().map(Credential.Label::role).orElse(null),
                credential.name());
    }
}
