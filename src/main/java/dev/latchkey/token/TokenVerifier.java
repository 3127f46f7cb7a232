package dev.latchkey.token;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialChanged;
import dev.latchkey.credential.CredentialSummary;
import dev.latchkey.credential.CredentialVerifier;
import dev.latchkey.identity.UserEvent;
import dev.latchkey.platform.caller.Caller;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** API tokens among the kinds of credentials. */
@Singleton
class TokenVerifier implements CredentialVerifier {

    private final TokenText texts;
    private final TokenService tokens;
    private final Event<CredentialChanged> changes;
    private final TokenSnapshots snapshots;
    private final Clock clock;

    TokenVerifier(
            TokenText texts,
            TokenService tokens,
            Event<CredentialChanged> changes,
            TokenSnapshots snapshots,
            Clock clock) {
        this.texts = texts;
        this.tokens = tokens;
        this.changes = changes;
        this.snapshots = snapshots;
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
    public List<Optional<Credential>> load(List<byte[]> digests) {
        return snapshots.find(digests);
    }

    @Override
    public void revoke(UUID tenantId, UUID id) {
        tokens.revoke(tenantId, id);
    }

    @Override
    public List<CredentialSummary> inventory(UUID tenantId) {
        return ApiToken.usable(tenantId, clock.instant()).stream()
                .map(token -> new CredentialSummary(
                        TokenSnapshots.of(token),
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
}
