package dev.latchkey.credit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.local.TestServices;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What tokens had left before there was a ledger, in a schema of its own. */
class LedgerMigrationTest {

    private static final String BEFORE = """
            create schema "%1$s";
            set search_path to "%1$s";
            create table tenants (id uuid primary key);
            create table api_tokens (id uuid, tenant_id uuid, family_id uuid, credits_remaining bigint, credits_refill_amount bigint,
                credits_refill_every text, credits_refill_day int);
            insert into tenants values (md5('tenant')::uuid);
            insert into api_tokens (id, tenant_id, family_id, credits_remaining, credits_refill_amount, credits_refill_every, credits_refill_day)
            select id::uuid, md5('tenant')::uuid, family::uuid, remaining, amount, every, day from (values
                ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000001', 5, 10, 'daily', null),
                ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 4, 20, 'monthly', 31),
                ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000003', 0, 7, 'monthly', null),
                ('00000000-0000-7000-8000-000000000004', '00000000-0000-7000-8000-000000000004', 9, null, null, null),
                ('00000000-0000-7000-8000-000000000005', '00000000-0000-7000-8000-000000000005', null, null, null, null)
            ) as token (id, family, remaining, amount, every, day);
            """;

    @Test
    void aLineOfTokensIsOneAccountWithWhatItsNewestTokenHad() throws SQLException, IOException {
        var schema = "credit_" + UUID.randomUUID();
        try (var connection = TestServices.postgres().getConnection()) {
            execute(connection, BEFORE.formatted(schema));
            execute(connection, migration());
            assertEquals(
                    List.of("1: 4 20 monthly 31", "3: 0 7 monthly 1", "4: 9 null null null"), rows(connection, """
                            select right(id::text, 1) || ': ' || balance || ' ' || coalesce(refill_amount::text, 'null') || ' '
                                || coalesce(refill_interval, 'null') || ' ' || coalesce(refill_day::text, 'null')
                            from credit_accounts order by id"""));
            assertEquals(List.of("1: grant 4", "3: grant 0", "4: grant 9"), rows(connection, """
                            select right(account_id::text, 1) || ': ' || kind || ' ' || amount from credit_entries
                            order by account_id"""));
            execute(connection, "drop schema \"" + schema + "\" cascade");
        }
    }

    private static String migration() throws IOException {
        try (var file = LedgerMigrationTest.class.getResourceAsStream("/db/migration/V0091__credit_ledger.sql")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            assertTrue(!rows.isEmpty());
            return rows;
        }
    }
}
