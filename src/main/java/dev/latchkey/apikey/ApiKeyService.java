package dev.latchkey.apikey;

import dev.latchkey.apikey.ApiKey.Ended;
import dev.latchkey.apikey.KeyMakers.Maker;
import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.credential.CredentialChanged;
import dev.latchkey.identity.Users;
import dev.latchkey.keyrole.KeyRole;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.metadata.Metadata;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes, refreshes and revokes keys. */
@ApplicationScoped
public class ApiKeyService {

    /** Of a name, in characters. */
    public static final int SHORTEST_NAME = 3;

    private final ApiKeyTexts texts;
    private final KeyRoles roles;
    private final KeyMakers makers;
    private final Users users;
    private final Duration refreshWindow;
    private final ApiKeySnapshots snapshots;
    private final AuditLog audit;
    private final Event<CredentialChanged> changes;
    private final Event<ApiKeyEvent> events;
    private final Event<ApiKeyMirror.Change> shown;
    private final Clock clock;

    ApiKeyService(
            ApiKeyTexts texts,
            KeyRoles roles,
            KeyMakers makers,
            Users users,
            ApiKeySnapshots snapshots,
            AuditLog audit,
            Event<CredentialChanged> changes,
            Event<ApiKeyEvent> events,
            Event<ApiKeyMirror.Change> shown,
            Clock clock) {
        this.texts = texts;
        this.roles = roles;
        this.makers = makers;
        this.users = users;
        this.refreshWindow = roles.refreshWindow();
        this.snapshots = snapshots;
        this.audit = audit;
        this.changes = changes;
        this.events = events;
        this.shown = shown;
        this.clock = clock;
    }

    /** @throws Problem {@code invalid_role}, {@code insufficient_permissions} */
    @Transactional
    NewApiKey register(Optional<Caller> caller, String name, String keyType, @Nullable Map<String, Object> metadata) {
        var role = roles.get(keyType);
        var maker = makers.of(caller, role);
        return create(maker, role, name, Metadata.checked(metadata));
    }

    /** For who has made sure that the maker may do so. */
    @Transactional
    public NewApiKey create(Maker maker, KeyRole role, String name, Map<String, Object> metadata) {
        var key = of(maker, role);
        key.name = name;
        key.metadata = metadata;
        return store(key);
    }

    /** The id of a key's row. In the caller's transaction. */
    public UUID idOf(String keyId) {
        return ApiKey.<ApiKey>find("keyId", keyId).firstResult().id;
    }

    /**
     * A successor of the key with this text, which stops at once. Of many who ask at the same time one gets it.
     *
     * @throws Problem {@code invalid_key}, {@code too_early_to_refresh}
     */
    NewApiKey refresh(String text) {
        if (!texts.recognises(text) || !texts.isSigned(text)) {
            throw invalidKey();
        }
        try {
            return QuarkusTransaction.requiringNew().call(() -> refresh(Digests.sha256(text)));
        } catch (Problem refusal) {
            QuarkusTransaction.requiringNew()
                    .call(() ->
                            ApiKey.<ApiKey>find("digest", Digests.sha256(text)).firstResultOptional())
                    .ifPresent(key -> events.fire(new ApiKeyEvent.RefreshRefused(key.tenantId, key.id, key.keyId)));
            throw refusal;
        }
    }

    /** For good; a second time changes nothing. */
    @Transactional
    ApiKey revoke(UUID tenantId, UUID id) {
        var key = ApiKey.findToChange(tenantId, id).orElseThrow(Problem::notFound);
        if (key.revokedAt == null) {
            end(key, Ended.REVOKED, "api_key.revoked");
        }
        return key;
    }

    private NewApiKey refresh(byte[] digest) {
        var now = clock.instant();
        var key = ApiKey.withTextToChange(digest)
                .filter(found -> found.isUsable(now) && isMakerEnabled(found))
                .orElseThrow(ApiKeyService::invalidKey);
        var opens = key.expiresAt.minus(refreshWindow);
        if (now.isBefore(opens)) {
            throw new Problem(ApiKeyProblem.TOO_EARLY_TO_REFRESH, "The key may be refreshed from " + opens + " on")
                    .with("expires_in_seconds", ChronoUnit.SECONDS.between(now, key.expiresAt))
                    .with("refresh_window_seconds", refreshWindow.toSeconds());
        }
        var role = roles.find(key.role).orElseThrow(ApiKeyService::invalidKey);
        var maker = new Maker(
                key.tenantId, key.createdBy, key.createdByKey, key.role, roles.names(), key.takesAdministrator);
        var successor = of(maker, role);
        successor.familyId = key.familyId;
        successor.refreshedFrom = key.id;
        successor.name = key.name;
        successor.metadata = key.metadata;
        end(key, Ended.REFRESHED, "api_key.refreshed");
        return store(successor);
    }

    private boolean isMakerEnabled(ApiKey key) {
        if (key.createdBy == null) {
            return true;
        }
        var maker = users.get(key.createdBy);
        return !maker.isDisabled() && (!key.takesAdministrator || maker.role.covers(Role.ADMIN));
    }

    private ApiKey of(Maker maker, KeyRole role) {
        var key = new ApiKey();
        key.id = Uuid7.next();
        // What the text says and the row says is the same: a JWT counts in seconds.
        key.createdAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        key.expiresAt = key.createdAt.plus(role.life());
        key.keyId = ApiKeyTexts.newKeyId(role.name(), key.createdAt.getEpochSecond());
        key.tenantId = maker.tenantId();
        key.familyId = key.id;
        key.role = role.name();
        key.scopes = role.scopes().words().toArray(String[]::new);
        key.perHour = role.limit().orElse(null);
        key.createdBy = maker.user();
        key.createdByKey = maker.key();
        key.takesAdministrator =
                maker.isAdministrator() && !roles.anyoneCreates().contains(role.name());
        return key;
    }

    private NewApiKey store(ApiKey key) {
        var text = texts.sign(key).reveal();
        key.digest = Digests.sha256(text);
        key.persist();
        audit.record(about(key, "api_key.created").with("after", facts(key)));
        events.fire(new ApiKeyEvent.Created(key.tenantId, key.id, key.keyId));
        shown.fire(new ApiKeyMirror.Change(snapshots.of(key)));
        return NewApiKey.of(key, text, refreshWindow);
    }

    private void end(ApiKey key, Ended reason, String action) {
        end(key, reason);
        audit.record(about(key, action).with("after", facts(key)));
    }

    /** For who puts it on record. In the caller's transaction. */
    void end(ApiKey key, Ended reason) {
        key.end(reason, clock.instant());
        changes.fire(CredentialChanged.of(key.tenantId, key.digest));
        events.fire(new ApiKeyEvent.Ended(key.tenantId, key.id, key.keyId, reason.word()));
        shown.fire(new ApiKeyMirror.Change(snapshots.of(key)));
    }

    private static AuditEntry about(ApiKey key, String action) {
        return AuditEntry.of(key.tenantId, action, "api_key", key.keyId).with("name", key.name);
    }

    private static Map<String, Object> facts(ApiKey key) {
        return key.revokedAt == null
                ? Map.of("role", key.role, "scopes", key.scopes, "expires_at", key.expiresAt)
                : Map.of("revoked_at", key.revokedAt, "revoked_reason", String.valueOf(key.revokedReason));
    }

    private static Problem invalidKey() {
        return new Problem(ApiKeyProblem.INVALID_KEY, ApiKeyProblem.INVALID_KEY.title());
    }
}
