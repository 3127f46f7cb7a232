package dev.latchkey.token;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialSummary;
import dev.latchkey.credential.CredentialVerifier;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.Cidr;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** API tokens among the kinds of credentials. */
@ApplicationScoped
class TokenVerifier implements CredentialVerifier {

    private final TokenText texts;
    private final Clock clock;

    TokenVerifier(TokenText texts, Clock clock) {
        this.texts = texts;
        this.clock = clock;
    }

    @Override
    public Caller.Kind kind() {
        return Caller.Kind.API_TOKEN;
    }

    @Override
    public boolean recognises(String text) {
        return text.startsWith(TokenText.PREFIX);
    }

    @Override
    public boolean isGenuine(String text) {
        return texts.isGenuine(text);
    }

    @Override
    public Optional<Credential> load(byte[] digest) {
        return QuarkusTransaction.requiringNew()
                .call(() -> ApiToken.findByDigest(digest).map(TokenVerifier::snapshot));
    }

    @Override
    public List<CredentialSummary> inventory(UUID tenantId) {
        return ApiToken.usable(tenantId, clock.instant()).stream()
                .map(token -> new CredentialSummary(
                        snapshot(token),
                        token.prefix,
                        token.createdAt,
                        token.createdAt,
                        Optional.ofNullable(token.supersededAt)))
                .toList();
    }

    static Credential snapshot(ApiToken token) {
        return new Credential(
                token.id,
                token.tenantId,
                Caller.Kind.API_TOKEN,
                Optional.of(token.createdBy),
                token.name,
                Scopes.of(token.scopes),
                token.enabled,
                Optional.ofNullable(token.expiresAt),
                Optional.ofNullable(token.revokedAt),
                Arrays.stream(token.allowedCidrs).map(Cidr::parse).toList(),
                "token:" + token.familyId,
                RateLimits.windows(token),
                token.metadata);
    }
}
