package dev.latchkey.v1key;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code v1_keys}. */
@Entity
@Table(name = "v1_keys")
class V1Key extends PanacheEntityBase {

    @Id
    UUID id;

    String keyId;
    UUID tenantId;
    String name;
    String role;

    @Nullable
    String owner;

    byte @Nullable [] digest;

    @Nullable
    String foreignHash;

    @Nullable
    String lookup;

    @Nullable
    UUID createdBy;

    /** Only an administrator could create it. */
    boolean takesAdministrator;

    Instant createdAt;

    @Nullable
    Instant importedAt;

    @Nullable
    Instant expiresAt;

    @Nullable
    Instant revokedAt;

    @Nullable
    UUID replacedBy;

    @Nullable
    Instant replacedAt;

    int replacements;

    /** Locked until the transaction ends. */
    static Optional<V1Key> findToChange(UUID tenantId, UUID id) {
        return V1Key.<V1Key>find("tenantId = ?1 and id = ?2", tenantId, id)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    static Optional<V1Key> find(UUID tenantId, String keyId) {
        return find("tenantId = ?1 and keyId = ?2", tenantId, keyId).firstResultOptional();
    }

    static boolean isKnown(byte[] digest) {
        return count("digest", digest) > 0;
    }

    /** Those that wait for their first use, and whose texts begin so; locked until the transaction ends. */
    static List<V1Key> awaiting(Collection<String> beginnings, Instant now) {
        return V1Key.<V1Key>find(
                        "lookup in ?1 and revokedAt is null and (expiresAt is null or expiresAt > ?2) order by length(lookup) desc, id",
                        beginnings,
                        now)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .range(0, 2 * ForeignHash.MOST_ALIKE - 1)
                .list();
    }

    static boolean anyImported() {
        return find("importedAt is not null").range(0, 0).firstResultOptional().isPresent();
    }

    static List<V1Key> usable(UUID tenantId, Instant now) {
        return list("tenantId = ?1 and revokedAt is null and (expiresAt is null or expiresAt > ?2)", tenantId, now);
    }

    static List<V1Key> madeBy(UUID userId) {
        return list("createdBy = ?1 and revokedAt is null", userId);
    }
}
