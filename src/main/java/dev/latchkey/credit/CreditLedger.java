package dev.latchkey.credit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The accounts and their entries. */
@ApplicationScoped
public class CreditLedger {

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final DataSource database;
    private final Clock clock;

    CreditLedger(DataSource database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Opens an account in the caller's transaction. Its first refill falls when the period that is now has ended. */
    @Transactional(TxType.MANDATORY)
    public void open(UUID tenantId, UUID accountId, long remaining, Optional<Refill> refill) {
        var now = clock.instant();
        work(connection -> {
            LedgerTables.insert(connection, tenantId, accountId, refill, now);
            LedgerTables.book(connection, List.of(new Entry(accountId, accountId, now, Entry.Kind.GRANT, remaining)));
            return accountId;
        });
    }

    /**
     * Fills the account up if a refill is due, and tells what it has, and for which period. Whoever keeps its balance elsewhere begins with
     * that; refills of this period, and of those before, are in it. Empty if there is no such account.
     */
    @Transactional
    public Optional<Account> load(UUID accountId, Instant now) {
        return work(connection -> {
            var account = LedgerTables.lock(connection, List.of(accountId)).get(accountId);
            return account == null ? Optional.empty() : Optional.of(refilled(connection, accountId, account, now));
        });
    }

    /** The accounts as they are, without those that do not exist; nothing is refilled or locked. */
    @Transactional
    public Map<UUID, Account> find(Collection<UUID> accountIds) {
        return work(connection -> LedgerTables.read(connection, accountIds));
    }

    /**
     * Books what was decided, in the transaction of this connection, which the caller commits. It waits for accounts that others
     * move, and locks its own in the order of their ids. What is told of accounts that do not exist is left out.
     */
    public void commit(Connection connection, Collection<Movement> movements) throws SQLException {
        if (movements.isEmpty()) {
            return;
        }
        var accounts = LedgerTables.lock(
                connection, movements.stream().map(Movement::accountId).toList());
        var entries = movements.stream()
                .filter(movement -> accounts.containsKey(movement.accountId()))
                .flatMap(movement -> Entry.of(movement, clock.instant()))
                .toList();
        LedgerTables.book(connection, entries);
    }

    private static Account refilled(Connection connection, UUID accountId, Account account, Instant now)
            throws SQLException {
        var refill = account.refill().filter(known -> known.periodStart(now).isAfter(account.period()));
        if (refill.isEmpty()) {
            return account;
        }
        var period = refill.get().periodStart(now);
        var amount = Math.max(0, refill.get().amount() - account.balance());
        LedgerTables.book(connection, List.of(Entry.refill(accountId, period, amount)));
        LedgerTables.settle(connection, accountId);
        return new Account(account.balance() + amount, account.refill(), period);
    }

    private <T> T work(Work<T> work) {
        try (var connection = database.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("The credit ledger cannot be read or written", e);
        }
    }
}
