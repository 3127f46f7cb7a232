package dev.latchkey.usage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Which limits refused, and which of those that only watch would have: by day in {@code usage_violations}, else from the events. */
final class UsageViolations {

    private static final String EACH = """
            cross join lateral (select unnest(violated), false union all select unnest(shadow_violated), true)
                as refused (policy, shadow)
            """;

    /** Adds the rows of {@code counted} to the totals, as {@link UsageAggregates#ROLL_UP} does. */
    static final String ROLL_UP = """
            insert into usage_violations as known (day, tenant_id, credential_id, user_id, policy, shadow, requests)
            select (at at time zone 'UTC')::date, tenant_id, credential_id, user_id, policy, shadow, sum(calls)
            from counted
            """ + EACH + """
            group by 1, 2, 3, 4, 5, 6
            order by 2, 3, 1, 5, 6, 4
            on conflict on constraint usage_violations_key do update set requests = known.requests + excluded.requests
            """;

    private static final String FROM_EVENTS = """
            select policy, shadow, sum(calls) as requests
            from token_usage_events
            """ + EACH + """
            where tenant_id = ? and %s = ? and at >= ? and at < ?
            group by policy, shadow
            order by requests desc, policy
            """;

    private static final String FROM_TOTALS = """
            select policy, shadow, sum(requests) as requests
            from usage_violations
            where tenant_id = ? and %s = ?
                and day >= (? at time zone 'UTC')::date and day < (? at time zone 'UTC')::date
            group by policy, shadow
            order by requests desc, policy
            """;

    private final List<UsageReport.Violation> real = new ArrayList<>();
    private final List<UsageReport.Violation> shadow = new ArrayList<>();

    private UsageViolations() {}

    /** @param whose the column that has the id */
    static UsageViolations read(Connection connection, UsageRange range, UUID tenantId, String whose, UUID id)
            throws SQLException {
        var sql = range.granularity() == UsageRange.Granularity.DAY ? FROM_TOTALS : FROM_EVENTS;
        var violations = new UsageViolations();
        try (var statement = connection.prepareStatement(sql.formatted(whose))) {
            statement.setObject(1, tenantId);
            statement.setObject(2, id);
            statement.setObject(3, range.from().atOffset(ZoneOffset.UTC));
            statement.setObject(4, range.to().atOffset(ZoneOffset.UTC));
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    (row.getBoolean("shadow") ? violations.shadow : violations.real)
                            .add(new UsageReport.Violation(row.getString("policy"), row.getLong("requests")));
                }
            }
        }
        return violations;
    }

    List<UsageReport.Violation> real() {
        return real;
    }

    List<UsageReport.Violation> shadow() {
        return shadow;
    }
}
