package dev.latchkey.credit;

import dev.latchkey.credit.Refill.Interval;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements of the ledger, each on a connection whose transaction the caller ends. */
final class LedgerTables {

    private static final String INSERT = """
            insert into credit_accounts (id, tenant_id, balance, refill_amount, refill_interval, refill_day, refilled_at,
                settled_at, created_at)
            values (?, ?, 0, ?, ?, ?, ?, ?, ?)
            """;

    private static final String READ = """
            select id, balance, refill_amount, refill_interval, refill_day, refilled_at
            from credit_accounts where id = any(?) order by id
            """;

    // The accounts are locked by then, so that this statement sees them as they are. Only entries that are new move the
    // balance; and no refill is added that the ledger itself has settled.
    private static final String BOOK = """
            with entry as (
                select * from unnest(?, ?, ?, ?, ?) as entry (account_id, id, at, kind, amount)
            ), added as (
                insert into credit_entries (account_id, id, at, kind, amount)
                select account_id, entry.id, at, kind, amount
                from entry join credit_accounts as account on account.id = account_id
                where kind <> 'refill' or at > settled_at
                order by account_id, entry.id
                on conflict do nothing
                returning *
            ), moved as (
                select account_id, sum(amount) as amount, max(at) filter (where kind = 'refill') as period
                from added group by account_id
            )
            update credit_accounts as account
            set balance = balance + moved.amount, refilled_at = greatest(refilled_at, moved.period)
            from moved where account.id = moved.account_id
            """;

    private static final String SETTLE = "update credit_accounts set settled_at = refilled_at where id = ?";

    private LedgerTables() {}

    /** With nothing in it: what it has is booked. */
    static void insert(Connection connection, UUID tenantId, UUID accountId, Optional<Refill> refill, Instant now)
            throws SQLException {
        try (var statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, accountId);
            statement.setObject(2, tenantId);
            statement.setObject(3, refill.map(Refill::amount).orElse(null));
            statement.setObject(4, refill.map(it -> it.interval().word()).orElse(null));
            statement.setObject(5, refill.map(LedgerTables::dayOfMonth).orElse(null));
            for (var i = 6; i <= 8; i++) {
                statement.setObject(i, now.atOffset(ZoneOffset.UTC));
            }
            statement.execute();
        }
    }

    static Map<UUID, Account> read(Connection connection, Collection<UUID> ids) throws SQLException {
        return accounts(connection, READ, ids);
    }

    /** As they are when nobody else moves them any more, until the transaction ends. */
    static Map<UUID, Account> lock(Connection connection, Collection<UUID> ids) throws SQLException {
        return accounts(connection, READ + "for update", ids);
    }

    static void book(Connection connection, List<Entry> entries) throws SQLException {
        try (var statement = connection.prepareStatement(BOOK)) {
            array(statement, 1, "uuid", entries, Entry::accountId);
            array(statement, 2, "uuid", entries, Entry::id);
            array(statement, 3, "timestamptz", entries, entry -> entry.at().toString());
            array(statement, 4, "text", entries, entry -> entry.kind().word());
            array(statement, 5, "int8", entries, Entry::amount);
            statement.execute();
        }
    }

    /** Refills that are told later do not count up to the period that the account has come to now. */
    static void settle(Connection connection, UUID id) throws SQLException {
        try (var statement = connection.prepareStatement(SETTLE)) {
            statement.setObject(1, id);
            statement.execute();
        }
    }

    private static Map<UUID, Account> accounts(Connection connection, String sql, Collection<UUID> ids)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            try (var row = statement.executeQuery()) {
                var accounts = new HashMap<UUID, Account>();
                while (row.next()) {
                    accounts.put(row.getObject("id", UUID.class), account(row));
                }
                return accounts;
            }
        }
    }

    private static Account account(ResultSet row) throws SQLException {
        var interval = row.getString("refill_interval");
        var refill = interval == null
                ? Optional.<Refill>empty()
                : Optional.of(new Refill(
                        row.getLong("refill_amount"), Interval.of(interval), Math.max(1, row.getInt("refill_day"))));
        return new Account(
                row.getLong("balance"),
                refill,
                row.getObject("refilled_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable Integer dayOfMonth(Refill refill) {
        return refill.interval() == Interval.MONTHLY ? refill.day() : null;
    }

    private static void array(
            PreparedStatement statement, int place, String type, List<Entry> entries, Function<Entry, Object> value)
            throws SQLException {
        var values = entries.stream().map(value).toArray();
        statement.setArray(place, statement.getConnection().createArrayOf(type, values));
    }
}
