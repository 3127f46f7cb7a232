package dev.latchkey.grant;

import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.crypto.UnreadableSealException;
import dev.latchkey.platform.database.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code oauth_grants}, as it was read.
 *
 * @param life of the access token in all; empty if it does not expire
 * @param isLeased whether somebody asks the provider at this moment
 * @param isInterrupted whether whoever asked last never wrote what the answer was
 */
public record Grant(
        UUID clientId,
        UUID tenantId,
        String branchId,
        long version,
        GrantKind kind,
        GrantState state,
        Optional<Secret> accessToken,
        Optional<Secret> refreshToken,
        String tokenType,
        Optional<String> scope,
        Optional<Instant> expiresAt,
        Optional<Duration> life,
        Optional<Instant> lastRefreshedAt,
        int failures,
        Optional<String> lastFailure,
        Optional<Instant> lastFailureAt,
        boolean isLeased,
        boolean isInterrupted) {

    static final SealedTable TABLE = SealedTable.of("oauth_grants", "client_id", "access_sealed", "refresh_sealed");
    static final String ACCESS = "access_sealed";
    static final String REFRESH = "refresh_sealed";

    /** What {@link #read} needs. */
    static final String COLUMNS = """
            client_id, tenant_id, (select branch_id from oauth_clients where id = client_id) as branch_id, version, kind, state, access_sealed,
            refresh_sealed, key_id, token_type, scope, expires_at, life_seconds,
            last_refreshed_at, failures, last_failure, last_failure_at, coalesce(lease_until > clock_timestamp(), false) as is_leased,
            is_interrupted""";

    private static final Logger LOG = Logger.getLogger(Grant.class);
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    static Grant read(ResultSet row, Sealer sealer) throws SQLException {
        var clientId = row.getObject("client_id", UUID.class);
        return new Grant(
                clientId,
                row.getObject("tenant_id", UUID.class),
                row.getString("branch_id"),
                row.getLong("version"),
                GrantKind.of(row.getString("kind")),
                GrantState.of(row.getString("state")),
                open(row, ACCESS, clientId, sealer),
                open(row, REFRESH, clientId, sealer),
                row.getString("token_type"),
                Optional.ofNullable(row.getString("scope")),
                Optional.ofNullable(Rows.instant(row, "expires_at")),
                Optional.ofNullable(Rows.number(row, "life_seconds")).map(Duration::ofSeconds),
                Optional.ofNullable(Rows.instant(row, "last_refreshed_at")),
                row.getInt("failures"),
                Optional.ofNullable(row.getString("last_failure")),
                Optional.ofNullable(Rows.instant(row, "last_failure_at")),
                row.getBoolean("is_leased"),
                row.getBoolean("is_interrupted"));
    }

    /** Empty for one whose seals cannot be opened, which is logged: among many it shall not be in the way of the others. */
    static Optional<Grant> readIfReadable(ResultSet row, Sealer sealer) throws SQLException {
        try {
            return Optional.of(read(row, sealer));
        } catch (UnreadableSealException e) {
            LOG.errorf("The connection %s is not refreshed: %s", row.getString("client_id"), e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Secret> open(ResultSet row, String column, UUID clientId, Sealer sealer)
            throws SQLException {
        byte @Nullable [] ciphertext = row.getBytes(column);
        return ciphertext == null
                ? Optional.empty()
                : Optional.of(
                        sealer.open(new Sealed(ciphertext, row.getLong("key_id")), TABLE.place(column, clientId)));
    }

    /** How long the access token may be used yet; zero if there is none. */
    public Duration left(Instant now) {
        if (accessToken.isEmpty()) {
            return Duration.ZERO;
        }
        var left = expiresAt.map(end -> Duration.between(now, end)).orElse(FOR_EVER);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean mayBeRefreshed() {
        return (refreshToken.isPresent() || kind == GrantKind.CLIENT)
                && (state == GrantState.CONNECTED || state == GrantState.DEGRADED);
    }
}
