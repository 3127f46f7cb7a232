package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.local.TestServices;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Looks into the tables, past the code under test. */
final class UsageTables {

    private UsageTables() {}

    static long eventsOf(SampleEvents sample) throws SQLException {
        return Long.parseLong(rows("select count(*) from token_usage_events where credential_id = '%s'"
                        .formatted(sample.credentialId()))
                .getFirst());
    }

    static long countedOf(SampleEvents sample) throws SQLException {
        return Long.parseLong(rows("select coalesce(sum(requests), 0) from usage_aggregates where credential_id = '%s'"
                        .formatted(sample.credentialId()))
                .getFirst());
    }

    /** Waits until as many events of the credential are counted; fails after 20 seconds, or if they are more. */
    static void awaitCounted(SampleEvents sample, long expected) throws SQLException, InterruptedException {
        var end = Instant.now().plusSeconds(20);
        while (countedOf(sample) < expected && Instant.now().isBefore(end)) {
            Thread.sleep(20);
        }
        assertEquals(expected, countedOf(sample));
        assertEquals(expected, eventsOf(sample));
    }

    /** The first column of each row, as text. */
    static List<String> rows(String sql) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (row.next()) {
                rows.add(String.valueOf(row.getString(1)));
            }
            return rows;
        }
    }
}
