package dev.latchkey.apikey;

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

/** JWT API keys among the kinds of credentials. */
@Singleton
class ApiKeyVerifier implements CredentialVerifier {

    private final ApiKeyTexts texts;
    private final ApiKeySnapshots snapshots;
    private final ApiKeyService keys;
    private final Event<CredentialChanged> changes;
    private final Clock clock;

    ApiKeyVerifier(
            ApiKeyTexts texts,
            ApiKeySnapshots snapshots,
            ApiKeyService keys,
            Event<CredentialChanged> changes,
            Clock clock) {
        this.texts = texts;
        this.snapshots = snapshots;
        this.keys = keys;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public Caller.Kind kind() {
        return Caller.Kind.API_KEY;
    }

    @Override
    public boolean recognises(String text) {
        return texts.recognises(text);
    }

    /** Its shape is all that is known at once. */
    @Override
    public boolean isGenuine(String text) {
        return recognises(text);
    }

    @Override
    public Work work(String text) {
        return Work.SIGNATURE;
    }

    @Override
    public boolean isIssued(String text) {
        return texts.isSigned(text);
    }

    @Override
    public List<Optional<Credential>> load(List<byte[]> digests) {
        return snapshots.find(digests);
    }

    @Override
    public void revoke(UUID tenantId, UUID id) {
        keys.revoke(tenantId, id);
    }

    @Override
    public List<CredentialSummary> inventory(UUID tenantId) {
        return ApiKey.usable(tenantId, clock.instant()).stream()
                .map(key -> new CredentialSummary(
                        snapshots.of(key), key.keyId, key.createdAt, key.createdAt, Optional.empty()))
                .toList();
    }

    /** A suspended user's keys are suspended with them. */
    void onUserEvent(@Observes UserEvent event) {
        if (event instanceof UserEvent.AccessChanged changed) {
            ApiKey.madeBy(changed.userId())
                    .forEach(key -> changes.fire(CredentialChanged.of(key.tenantId, key.digest)));
        }
    }
}
