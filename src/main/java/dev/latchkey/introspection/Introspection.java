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
 * @param clientId the id of the credential, as {@code jti} and {@code key_id} are
 * @param sub the user who made it, or itself where there is none
 * @param exp seconds since 1970; absent if it does not expire
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Introspection(
        boolean active,
        @Nullable String scope,
        @Nullable UUID clientId,
        @Nullable UUID sub,
        @Nullable String tokenType,
        @Nullable Long exp,
        @Nullable Long iat,
        @Nullable UUID jti,
        @Nullable String iss,
        @Nullable String kind,
        @Nullable UUID keyId,
        @Nullable UUID tenantId,
        @Nullable String name) {

    static final Introspection INACTIVE =
            new Introspection(false, null, null, null, null, null, null, null, null, null, null, null, null);

    static Introspection of(Credential credential, String issuer) {
        return new Introspection(
                true,
                credential.scopes().words().isEmpty()
                        ? null
                        : String.join(" ", credential.scopes().words()),
                credential.id(),
                credential.userId().orElse(credential.id()),
                "Bearer",
                credential.expiresAt().map(Instant::getEpochSecond).orElse(null),
                credential.createdAt().getEpochSecond(),
                credential.id(),
                issuer,
                credential.kind().word(),
                credential.id(),
                credential.tenantId(),
                credential.name());
    }
}
