package dev.latchkey.token;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialChanged;
import dev.latchkey.credential.CredentialSummary;
import dev.latchkey.credential.CredentialVerifier;
import dev.latchkey.credential.CreditLimit;
import dev.latchkey.identity.User;
import dev.latchkey.identity.UserEvent;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.Cidr;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** API tokens among the kinds of credentials. */
@Singleton
class TokenVerifier implements CredentialVerifier {

    private final TokenText texts;
    private final TokenService tokens;
    private final Event<CredentialChanged> changes;
    private final TokenCredits credits;
    private final Clock clock;

    TokenVerifier(
            TokenText texts, TokenService tokens, Event<CredentialChanged> changes, TokenCredits credits, Clock clock) {
        this.texts = texts;
        this.tokens = tokens;
        this.changes = changes;
        this.credits = credits;
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
        return QuarkusTransaction.requiringNew().call(() -> ApiToken.findByDigest(digest)
                .map(token -> snapshot(token, User.findByIdOptional(token.createdBy))));
    }

    @Override
    public void revoke(UUID tenantId, UUID id) {
        tokens.revoke(tenantId, id);
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

    /** A suspended user's tokens are suspended with them. */
    void onUserEvent(@Observes UserEvent event) {
        if (event instanceof UserEvent.AccessChanged changed) {
            ApiToken.madeBy(changed.userId())
                    .forEach(token -> changes.fire(CredentialChanged.of(token.tenantId, token.digest)));
        }
    }

    /** A token does no more than its maker may do now. */
    private Credential snapshot(ApiToken token, Optional<User> maker) {
        var scopes = Scopes.of(token.scopes);
        var readsOnly = maker.map(user -> user.role == Role.GUEST).orElse(true);
        var enabled = maker.map(user -> !user.isDisabled()).orElse(false);
        return snapshot(token, readsOnly ? scopes.reading() : scopes, enabled, credits.limit(token));
    }

    /** Without its maker, and without what it has left. */
    static Credential snapshot(ApiToken token) {
        return snapshot(token, Scopes.of(token.scopes), true, Optional.empty());
    }

    private static Credential snapshot(
            ApiToken token, Scopes scopes, boolean makerIsEnabled, Optional<CreditLimit> credits) {
        return new Credential(
                token.id,
                token.tenantId,
                Caller.Kind.API_TOKEN,
                Optional.of(token.createdBy),
                token.name,
                scopes,
                token.enabled && makerIsEnabled,
                token.createdAt,
                Optional.ofNullable(token.expiresAt),
                Optional.ofNullable(token.revokedAt),
                Arrays.stream(token.allowedCidrs).map(Cidr::parse).toList(),
                TokenBudgets.of(token),
                credits,
                token.metadata);
    }
}
