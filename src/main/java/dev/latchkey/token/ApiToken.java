package dev.latchkey.token;

import dev.latchkey.platform.metadata.MetadataColumn;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code api_tokens}. The text of the token is not in it. */
@Entity
@Table(name = "api_tokens")
class ApiToken extends PanacheEntityBase {

    @Id
    UUID id;

    UUID tenantId;
    UUID familyId;
    String name;
    String environment;
    String prefix;
    byte[] digest;

    @JdbcTypeCode(SqlTypes.ARRAY)
    String[] scopes;

    long perMinute;
    long perHour;
    long perDay;

    @Nullable
    Long burstCapacity;

    @Nullable
    BigDecimal burstRefillPerSecond;

    @Nullable
    Long concurrentRequests;

    @Nullable
    Long leaseSeconds;

    @Nullable
    Long shadowPerMinute;

    @Nullable
    Long shadowPerHour;

    @Nullable
    Long shadowPerDay;

    @Nullable
    Long shadowBurstCapacity;

    @Nullable
    BigDecimal shadowBurstRefillPerSecond;

    @JdbcTypeCode(SqlTypes.ARRAY)
    String[] allowedCidrs;

    @Convert(converter = MetadataColumn.class)
    @ColumnTransformer(write = "?::jsonb")
    Map<String, Object> metadata;

    boolean enabled;

    @Nullable
    Instant expiresAt;

    @Nullable
    Instant revokedAt;

    @Nullable
    UUID rotatedFrom;

    @Nullable
    Instant supersededAt;

    @Nullable
    UUID teamId;

    Instant createdAt;
    Instant updatedAt;
    UUID createdBy;

    static Optional<ApiToken> find(UUID tenantId, UUID id) {
        return find("tenantId = ?1 and id = ?2", tenantId, id).firstResultOptional();
    }

    /** Locked until the transaction ends. */
    static Optional<ApiToken> findToChange(UUID tenantId, UUID id) {
        return ApiToken.<ApiToken>find("tenantId = ?1 and id = ?2", tenantId, id)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional();
    }

    /** Those before this one in its line of rotations that may still be used, as far back as there are any. */
    List<UUID> forerunnersInUse(Instant now) {
        return getEntityManager()
                .createNativeQuery("""
                        with recursive line as (
                            select rotated_from from api_tokens where id = ?1
                            union all
                            select token.rotated_from from line join api_tokens as token on token.id = line.rotated_from
                        )
                        select id from api_tokens
                        where id in (select rotated_from from line) and revoked_at is null and expires_at > ?2
                        order by id desc""", UUID.class)
                .setParameter(1, id)
                .setParameter(2, now)
                .getResultList();
    }

    /** Those that are not revoked. */
    static List<ApiToken> madeBy(UUID userId) {
        return list("createdBy = ?1 and revokedAt is null", userId);
    }

    static List<ApiToken> usable(UUID tenantId, Instant now) {
        return list(
                "tenantId = :tenant and revokedAt is null and (expiresAt is null or expiresAt > :now)",
                Map.of("tenant", tenantId, "now", now));
    }
}
