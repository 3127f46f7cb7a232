package dev.latchkey.apikey;

import dev.latchkey.platform.metadata.MetadataColumn;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code api_keys}. The text of the key is not in it. */
@Entity
@Table(name = "api_keys")
class ApiKey extends PanacheEntityBase {

    /** Why a key ended before its time; the words of the column. */
    enum Ended {
        REVOKED,
        REFRESHED,
        SIGNING_KEY_WITHDRAWN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MOST_EXAMINED = 10_000;

    @Id
    UUID id;

    String keyId;
    UUID tenantId;
    UUID familyId;
    String name;
    String role;

    @JdbcTypeCode(SqlTypes.ARRAY)
    String[] scopes;

    @Nullable
    Long perHour;

    @Convert(converter = MetadataColumn.class)
    @ColumnTransformer(write = "?::jsonb")
    Map<String, Object> metadata;

    byte[] digest;
    String kid;
    Instant expiresAt;

    @Nullable
    Instant revokedAt;

    @Nullable
    String revokedReason;

    @Nullable
    UUID refreshedFrom;

    @Nullable
    UUID createdBy;

    @Nullable
    UUID createdByKey;

    /** Only an administrator could create it: it lives as long as its maker is one. */
    boolean takesAdministrator;

    Instant createdAt;

    /** Locked until the transaction ends. */
    static Optional<ApiKey> withTextToChange(byte[] digest) {
        return ApiKey.<ApiKey>find("digest", digest)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    static Optional<ApiKey> find(UUID tenantId, String keyId) {
        return find("tenantId = ?1 and keyId = ?2", tenantId, keyId).firstResultOptional();
    }

    /** Locked until the transaction ends. */
    static Optional<ApiKey> findToChange(UUID tenantId, UUID id) {
        return ApiKey.<ApiKey>find("tenantId = ?1 and id = ?2", tenantId, id)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** The newest 10 000: anyone may make keys. */
    static List<ApiKey> usable(UUID tenantId, Instant now) {
        return ApiKey.<ApiKey>find(
                        "tenantId = ?1 and revokedAt is null and expiresAt > ?2 order by id desc", tenantId, now)
                .range(0, MOST_EXAMINED - 1)
                .list();
    }

    /** Those that are not revoked. */
    static List<ApiKey> madeBy(UUID userId) {
        return list("createdBy = ?1 and revokedAt is null", userId);
    }

    static long countSignedBy(String kid, Instant now) {
        return count("kid = ?1 and revokedAt is null and expiresAt > ?2", kid, now);
    }

    /** Those that are usable but for their signing key; locked until the transaction ends. */
    @SuppressWarnings("unchecked")
    static List<ApiKey> signedByWithdrawn(Instant now, int most) {
        return getEntityManager()
                .createNativeQuery("""
                        select * from api_keys
                        where revoked_at is null and expires_at > ?1
                            and kid in (select kid from signing_keys where state = 'withdrawn')
                        limit ?2 for update skip locked""", ApiKey.class)
                .setParameter(1, now)
                .setParameter(2, most)
                .getResultList();
    }

    static void forget(Instant expiredBefore, int most) {
        getEntityManager()
                .createNativeQuery(
                        "delete from api_keys where id in (select id from api_keys where expires_at < ?1 limit ?2)")
                .setParameter(1, expiredBefore)
                .setParameter(2, most)
                .executeUpdate();
    }

    boolean isUsable(Instant now) {
        return revokedAt == null && now.isBefore(expiresAt);
    }

    void end(Ended reason, Instant now) {
        revokedAt = now;
        revokedReason = reason.word();
    }
}
