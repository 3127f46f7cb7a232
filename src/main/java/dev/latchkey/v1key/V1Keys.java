package dev.latchkey.v1key;

import dev.latchkey.apikey.ApiKeyService;
import dev.latchkey.apikey.KeyMakers;
import dev.latchkey.apikey.KeyMakers.Maker;
import dev.latchkey.apikey.NewApiKey;
import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.credential.CredentialChanged;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes, replaces and revokes keys of the first version. */
@ApplicationScoped
class V1Keys {

    private static final int RANDOM_BYTES = 8;
    // Each browser that holds the same key migrates by itself; but not without end.
    private static final int MOST_REPLACEMENTS = 20;

    /** A key that was just made: the only time that its text is shown. */
    record NewV1Key(String apiKey, String keyId, String role, Instant createdAt) {
        @Override
        public String toString() {
            return "NewV1Key[keyId=" + keyId + "]";
        }
    }

    private final KeyRoles roles;
    private final KeyMakers makers;
    private final ApiKeyService successors;
    private final AuditLog audit;
    private final Event<CredentialChanged> changes;
    private final Duration grace;
    private final Clock clock;

    V1Keys(
            KeyRoles roles,
            KeyMakers makers,
            ApiKeyService successors,
            AuditLog audit,
            Event<CredentialChanged> changes,
            V1Config config,
            Clock clock) {
        this.roles = roles;
        this.makers = makers;
        this.successors = successors;
        this.audit = audit;
        this.changes = changes;
        this.grace = config.grace();
        this.clock = clock;
    }

    /** Throws as the registration of the second version does. */
    @Transactional
    NewV1Key register(Optional<Caller> caller, String name, String keyType) {
        var role = roles.get(keyType);
        var maker = makers.of(caller, role);
        var text = V1Texts.make();
        var key = new V1Key();
        key.id = Uuid7.next();
        key.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        key.keyId = "v1_" + role.name() + "_" + key.createdAt.getEpochSecond() + "_"
                + HexFormat.of().formatHex(RandomText.bytes(RANDOM_BYTES));
        key.tenantId = maker.tenantId();
        key.name = name;
        key.role = role.name();
        key.digest = Digests.sha256(text.reveal());
        key.createdBy = maker.user();
        key.takesAdministrator =
                maker.isAdministrator() && !roles.anyoneCreates().contains(role.name());
        key.persist();
        audit.record(about(key, "legacy_key.created").with("after", Map.of("role", key.role)));
        return new NewV1Key(text.reveal(), key.keyId, key.role, key.createdAt);
    }

    /**
     * A key of the second version of the same role. The old one goes on until its grace ends, which begins with the first time.
     *
     * @throws Problem {@code already_migrated} if that was done too often
     */
    @Transactional
    Migrated migrate(UUID tenantId, UUID id) {
        var key = V1Key.findToChange(tenantId, id).orElseThrow(Problem::notFound);
        // It may have ended since its text was looked at.
        if (key.revokedAt != null || key.expiresAt != null && !clock.instant().isBefore(key.expiresAt)) {
            throw new Problem(CommonProblem.INVALID_TOKEN, "The credential is not valid");
        }
        if (key.replacements >= MOST_REPLACEMENTS) {
            throw new Problem(V1Problem.ALREADY_MIGRATED, "The key was migrated " + MOST_REPLACEMENTS + " times");
        }
        var role = roles.get(key.role);
        var maker = new Maker(key.tenantId, key.createdBy, null, key.role, roles.names(), key.takesAdministrator);
        var name = key.name.codePointCount(0, key.name.length()) < ApiKeyService.SHORTEST_NAME
                ? key.name + " key"
                : key.name;
        var successor = successors.create(maker, role, name, Map.of("migrated_from", key.keyId));
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var ends = now.plus(grace);
        var worksUntil = key.expiresAt != null && key.expiresAt.isBefore(ends) ? key.expiresAt : ends;
        if (key.replacedAt == null) {
            key.replacedAt = now;
            key.expiresAt = worksUntil;
        }
        key.replacements++;
        key.replacedBy = successors.idOf(successor.keyId());
        Optional.ofNullable(key.digest).ifPresent(digest -> changes.fire(CredentialChanged.of(key.tenantId, digest)));
        audit.record(about(key, "legacy_key.migrated")
                .with("after", Map.of("replaced_by", successor.keyId(), "expires_at", worksUntil)));
        return new Migrated(successor, key.keyId, worksUntil);
    }

    /** @param worksUntil when the old key ends */
    record Migrated(NewApiKey successor, String keyId, Instant worksUntil) {}

    /** By the id that its holder knows; as {@link #revoke(UUID, UUID)}. */
    @Transactional
    void revoke(UUID tenantId, String keyId) {
        revoke(tenantId, V1Key.find(tenantId, keyId).orElseThrow(Problem::notFound).id);
    }

    /** For good; a second time changes nothing. The keys that its holder migrated to are keys of their own. */
    @Transactional
    void revoke(UUID tenantId, UUID id) {
        var key = V1Key.findToChange(tenantId, id).orElseThrow(Problem::notFound);
        if (key.revokedAt != null) {
            return;
        }
        key.revokedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Optional.ofNullable(key.digest).ifPresent(digest -> changes.fire(CredentialChanged.of(key.tenantId, digest)));
        audit.record(about(key, "legacy_key.revoked").with("after", Map.of("revoked_at", key.revokedAt)));
    }

    private static AuditEntry about(V1Key key, String action) {
        return AuditEntry.of(key.tenantId, action, "legacy_key", key.keyId).with("name", key.name);
    }
}
