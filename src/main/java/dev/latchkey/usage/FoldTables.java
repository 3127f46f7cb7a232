package dev.latchkey.usage;

import dev.latchkey.chunk.Fold;
import dev.latchkey.chunk.Fold.LastUse;
import dev.latchkey.chunk.Fold.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statement that writes what was folded. */
final class FoldTables {

    private record Column<T>(String type, Function<T, @Nullable Object> value) {}

    private static final List<Column<Row>> ROW = List.of(
            new Column<>("timestamptz", row -> time(row.atMicros())),
            new Column<>("uuid", Row::id),
            new Column<>("uuid", row -> row.like().tenantId()),
            new Column<>("uuid", row -> row.like().credentialId()),
            new Column<>("text", row -> row.like().kind()),
            new Column<>("uuid", row -> row.like().userId().orElse(null)),
            new Column<>("text", row -> row.like().method()),
            new Column<>("text", row -> row.like().endpoint()),
            new Column<>("int2", Row::status),
            new Column<>("int8", Row::latencyMicrosMean),
            new Column<>("int4", Row::calls),
            new Column<>("text", row -> arrayOf(row.like().tags())),
            new Column<>("int8", Row::credits),
            new Column<>("text", row -> arrayOf(row.violated())),
            new Column<>("text", row -> arrayOf(row.shadowViolated())));

    private static final List<Column<LastUse>> LAST_USE = List.of(
            new Column<>("uuid", LastUse::credentialId),
            new Column<>("uuid", LastUse::tenantId),
            new Column<>("timestamptz", use -> time(use.atMicros())));

    private static final List<Column<LastUse>> SCOPE_USE = List.of(
            new Column<>("uuid", LastUse::credentialId),
            new Column<>("text", LastUse::scope),
            new Column<>("uuid", LastUse::tenantId),
            new Column<>("timestamptz", use -> time(use.atMicros())));

    // Every part takes its rows in the order of their keys, as EventStore does: nobody waits in a circle. When a
    // credential was last used moves in steps of 5 seconds, its scopes in steps of a minute: most of a busy
    // credential's uses then cost a look, and no write.
    private static final String WRITE = """
            with counted as (
                insert into token_usage_events (at, id, tenant_id, credential_id, kind, user_id, method, endpoint, status,
                    latency_micros, bytes, request_id, calls, tags, credits, violated, shadow_violated)
                select at, id, tenant_id, credential_id, kind, user_id, method, endpoint, status, latency_micros, 0, '',
                    calls, tags::text[], credits, violated::text[], shadow_violated::text[]
                from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as folded (at, id, tenant_id, credential_id, kind, user_id,
                    method, endpoint, status, latency_micros, calls, tags, credits, violated, shadow_violated)
                order by at, id
                returning at, tenant_id, credential_id, user_id, method, endpoint, status, latency_micros, bytes, calls,
                    violated, shadow_violated
            ), rolled_up as (
            """ + UsageAggregates.ROLL_UP + """
            ), refused as (
            """ + UsageViolations.ROLL_UP + """
            ), used as (
                insert into usage_last_use as known (credential_id, tenant_id, at)
                select last.credential_id, last.tenant_id, last.at
                from unnest(?, ?, ?) as last (credential_id, tenant_id, at)
                left join usage_last_use as earlier on earlier.credential_id = last.credential_id
                where earlier.at is null or earlier.at < last.at - interval '5 s'
                order by 1
                on conflict (credential_id) do update set at = excluded.at where known.at < excluded.at
            ), scoped as (
                insert into usage_scope_use as known (credential_id, scope, tenant_id, last_at)
                select last.credential_id, last.scope, last.tenant_id, last.at
                from unnest(?, ?, ?, ?) as last (credential_id, scope, tenant_id, at)
                left join usage_scope_use as earlier
                    on earlier.credential_id = last.credential_id and earlier.scope = last.scope
                where earlier.last_at is null or earlier.last_at < last.at - interval '1 min'
                order by 1, 2
                on conflict (credential_id, scope) do update set last_at = excluded.last_at
                where known.last_at < excluded.last_at
            )
            select count(*) from counted
            """;

    private FoldTables() {}

    static void write(Connection connection, Fold fold) throws SQLException {
        try (var statement = connection.prepareStatement(WRITE)) {
            var place = bind(statement, 1, ROW, fold.rows());
            place = bind(statement, place, LAST_USE, fold.lastUses());
            bind(statement, place, SCOPE_USE, fold.scopeUses());
            statement.execute();
        }
    }

    private static <T> int bind(PreparedStatement statement, int from, List<Column<T>> columns, Collection<T> rows)
            throws SQLException {
        var place = from;
        for (var column : columns) {
            var values = rows.stream().map(column.value()).toArray();
            statement.setArray(place++, statement.getConnection().createArrayOf(column.type(), values));
        }
        return place;
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    /** As PostgreSQL writes an array: one array of arrays of different lengths there cannot be. */
    private static String arrayOf(List<String> words) {
        var array = new StringBuilder("{");
        for (var word : words) {
            array.append(array.length() == 1 ? "\"" : ",\"")
                    .append(word.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return array.append('}').toString();
    }
}
