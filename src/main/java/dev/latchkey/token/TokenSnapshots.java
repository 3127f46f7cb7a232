package dev.latchkey.token;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CreditLimit;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.database.Rows;
import dev.latchkey.platform.http.Cidr;
import dev.latchkey.platform.metadata.MetadataColumn;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Tokens as decisions need them. They are read by hand, many in one trip: entities cost ten times as much, and each use of a token that is not in memory waits for this. */
@ApplicationScoped
class TokenSnapshots {

    private static final String FIND = """
            select token.*, maker.role as maker_role, maker.disabled_at as maker_disabled_at,
                exists (select from credit_accounts as account where account.id = token.family_id) as is_counted_down
            from api_tokens as token
            left join users as maker on maker.id = token.created_by
            where token.digest = any(?)
            """;

    private record Row(ApiToken token, Optional<Role> maker, boolean isMakerEnabled, boolean isCountedDown) {

        static Row of(ResultSet row) throws SQLException {
            var maker = Optional.ofNullable(row.getString("maker_role")).map(Role::of);
            return new Row(
                    TokenSnapshots.token(row),
                    maker,
                    maker.isPresent() && row.getObject("maker_disabled_at") == null,
                    row.getBoolean("is_counted_down"));
        }

        Credential snapshot(Optional<CreditLimit> credits) {
            var scopes = Scopes.of(token.scopes);
            var readsOnly = maker.map(Role.GUEST::equals).orElse(true);
            return TokenSnapshots.snapshot(token, readsOnly ? scopes.reading() : scopes, isMakerEnabled, credits);
        }
    }

    private static final MetadataColumn METADATA = new MetadataColumn();

    private final DataSource database;
    private final TokenCredits credits;

    TokenSnapshots(DataSource database, TokenCredits credits) {
        this.database = database;
        this.credits = credits;
    }

    /** The tokens with these digests, in their order, whatever their state. A token does no more than its maker may do now. */
    List<Optional<Credential>> find(List<byte[]> digests) {
        var rows = Rows.byDigest(database, FIND, digests, Row::of);
        var limits = credits.limits(rows.values().stream()
                .filter(Row::isCountedDown)
                .map(row -> row.token().familyId)
                .distinct()
                .toList());
        return digests.stream()
                .map(digest -> Optional.ofNullable(rows.get(ByteBuffer.wrap(digest)))
                        .map(row -> row.snapshot(Optional.ofNullable(limits.get(row.token().familyId)))))
                .toList();
    }

    /** Without its maker, and without what it has left. */
    static Credential of(ApiToken token) {
        return snapshot(token, Scopes.of(token.scopes), true, Optional.empty());
    }

    private static Credential snapshot(
            ApiToken token, Scopes scopes, boolean makerIsEnabled, Optional<CreditLimit> credits) {
        return new Credential(
                token.id,
                token.tenantId,
                Caller.Kind.API_TOKEN,
                Optional.empty(),
                Optional.of(token.createdBy),
                token.name,
                scopes,
                token.enabled && makerIsEnabled,
                token.createdAt.getEpochSecond(),
                Optional.ofNullable(token.expiresAt),
                Optional.ofNullable(token.revokedAt),
                Arrays.stream(token.allowedCidrs).map(Cidr::parse).toList(),
                TokenBudgets.of(token),
                credits,
                token.metadata);
    }

    /** What a snapshot is made of. */
    private static ApiToken token(ResultSet row) throws SQLException {
        var token = new ApiToken();
        token.id = row.getObject("id", UUID.class);
        token.tenantId = row.getObject("tenant_id", UUID.class);
        token.familyId = row.getObject("family_id", UUID.class);
        token.name = row.getString("name");
        token.scopes = (String[]) row.getArray("scopes").getArray();
        token.allowedCidrs = (String[]) row.getArray("allowed_cidrs").getArray();
        token.metadata = METADATA.convertToEntityAttribute(row.getString("metadata"));
        token.enabled = row.getBoolean("enabled");
        token.createdBy = row.getObject("created_by", UUID.class);
        token.createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
        token.expiresAt = Rows.instant(row, "expires_at");
        token.revokedAt = Rows.instant(row, "revoked_at");
        readLimits(row, token);
        return token;
    }

    private static void readLimits(ResultSet row, ApiToken token) throws SQLException {
        token.perMinute = row.getLong("per_minute");
        token.perHour = row.getLong("per_hour");
        token.perDay = row.getLong("per_day");
        token.burstCapacity = Rows.number(row, "burst_capacity");
        token.burstRefillPerSecond = row.getBigDecimal("burst_refill_per_second");
        token.concurrentRequests = Rows.number(row, "concurrent_requests");
        token.leaseSeconds = Rows.number(row, "lease_seconds");
        token.shadowPerMinute = Rows.number(row, "shadow_per_minute");
        token.shadowPerHour = Rows.number(row, "shadow_per_hour");
        token.shadowPerDay = Rows.number(row, "shadow_per_day");
        token.shadowBurstCapacity = Rows.number(row, "shadow_burst_capacity");
        token.shadowBurstRefillPerSecond = row.getBigDecimal("shadow_burst_refill_per_second");
    }
}
