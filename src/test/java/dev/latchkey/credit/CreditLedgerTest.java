package dev.latchkey.credit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.local.TestServices;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionalException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The balance is the sum of the entries, and every refill is in it once. */
@QuarkusTest
class CreditLedgerTest {

    private static final Instant TODAY = Instant.now().truncatedTo(ChronoUnit.DAYS);
    private static final Instant TOMORROW = TODAY.plus(Duration.ofDays(1));
    private static final Instant DAY_AFTER = TODAY.plus(Duration.ofDays(2));

    @Inject
    CreditLedger ledger;

    @Inject
    DataSource database;

    private final UUID account = Uuid7.next();
    private UUID tenant = Uuid7.next();

    @BeforeEach
    void someTenant() throws SQLException {
        tenant = UUID.fromString(value("select id from tenants limit 1"));
    }

    @AfterEach
    void everyBalanceIsTheSumOfItsEntries() throws SQLException {
        var wrong = value("""
                select count(*) from credit_accounts as account
                where balance <> (select coalesce(sum(amount), 0) from credit_entries where account_id = account.id)""");
        assertEquals("0", wrong);
    }

    @Test
    void anAccountBeginsWithItsGrant() throws SQLException {
        open(7, Optional.of(Refill.daily(10)));
        assertEquals(7, load(Instant.now()).balance());
        assertEquals(1, entries("grant"));
        assertEquals(Optional.of(Refill.daily(10)), load(Instant.now()).refill());
    }

    @Test
    void anAccountIsOpenedInATransactionOfItsTokenOrNotAtAll() {
        assertThrows(TransactionalException.class, () -> ledger.open(tenant, account, 1, Optional.empty()));
        assertThrows(IllegalStateException.class, () -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    ledger.open(tenant, account, 1, Optional.empty());
                    throw new IllegalStateException("changed my mind");
                }));
        assertTrue(ledger.load(account, Instant.now()).isEmpty());
    }

    @Test
    void aRefillThatIsDueIsBookedOnceHoweverOftenAnAccountIsLoaded() throws Exception {
        open(3, Optional.of(Refill.daily(10)));
        assertEquals(3, load(TOMORROW.minusNanos(1)).balance());
        var loads = Collections.nCopies(8, (Callable<Account>) () -> load(TOMORROW));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(loads)) {
                assertEquals(new Account(10, Optional.of(Refill.daily(10)), TOMORROW), result.get());
            }
        }
        assertEquals(1, entries("refill"));
    }

    @Test
    void aRefillTakesNothingAway() throws SQLException {
        open(30, Optional.of(Refill.daily(10)));
        assertEquals(30, load(TOMORROW).balance());
    }

    @Test
    void aRefillOfTheLastMonthFallsOnItsLastDay() throws SQLException {
        open(1, Optional.of(Refill.monthly(10, 31)));
        var next = Refill.monthly(10, 31).periodStart(TODAY.plus(Duration.ofDays(32)));
        assertEquals(1, load(next.minusNanos(1)).balance());
        assertEquals(new Account(10, Optional.of(Refill.monthly(10, 31)), next), load(next));
    }

    @Test
    void whatIsToldIsBooked() throws SQLException {
        open(3, Optional.of(Refill.daily(10)));
        commit(new Movement(account, 3, Map.of()));
        commit(new Movement(account, 4, Map.of(TOMORROW, 10L)));
        assertEquals(new Account(6, Optional.of(Refill.daily(10)), TOMORROW), load(TOMORROW));
        assertEquals(2, entries("spend"));
        assertEquals(1, entries("refill"));
    }

    @Test
    void aRefillThatIsToldTwiceIsBookedOnce() throws SQLException {
        open(0, Optional.of(Refill.daily(10)));
        commit(new Movement(account, 1, Map.of(TOMORROW, 10L)));
        commit(new Movement(account, 2, Map.of(TOMORROW, 10L)));
        assertEquals(7, load(TOMORROW).balance());
        assertEquals(1, entries("refill"));
    }

    @Test
    void refillsThatAreToldInAnotherOrderAreAllBooked() throws SQLException {
        open(0, Optional.of(Refill.daily(10)));
        commit(new Movement(account, 2, Map.of(DAY_AFTER, 6L)));
        commit(new Movement(account, 6, Map.of(TOMORROW, 10L)));
        assertEquals(new Account(8, Optional.of(Refill.daily(10)), DAY_AFTER), load(DAY_AFTER));
    }

    @Test
    void aRefillThatTheLedgerHasSettledIsNotAddedWhenItIsTold() throws SQLException {
        open(0, Optional.of(Refill.daily(10)));
        assertEquals(10, load(DAY_AFTER).balance());
        commit(new Movement(account, 4, Map.of(DAY_AFTER, 10L)));
        commit(new Movement(account, 5, Map.of(TOMORROW, 10L)));
        assertEquals(1, load(DAY_AFTER).balance());
        commit(new Movement(account, 5, Map.of()));
        assertEquals(-4, load(DAY_AFTER).balance());
    }

    @Test
    void whatIsToldOfAnAccountThatDoesNotExistHindersNoOther() throws SQLException {
        open(5, Optional.empty());
        commit(new Movement(Uuid7.next(), 1, Map.of(TOMORROW, 3L)), new Movement(account, 1, Map.of()));
        assertEquals(4, load(TOMORROW).balance());
    }

    @Test
    void whatIsNotCommittedNeverHappened() throws SQLException {
        open(5, Optional.empty());
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            ledger.commit(connection, List.of(new Movement(account, 4, Map.of(TOMORROW, 3L))));
            connection.rollback();
        }
        assertEquals(5, load(TOMORROW).balance());
    }

    @Test
    void theBalanceIsTheSumOfTheEntriesThroughAnyHistory() throws Exception {
        open(100, Optional.of(Refill.daily(50)));
        var histories = new ArrayList<Callable<Void>>();
        for (var seed = 0; seed < 8; seed++) {
            var random = new Random(seed);
            histories.add(() -> {
                for (var i = 0; i < 30; i++) {
                    var day = TODAY.plus(Duration.ofDays(random.nextInt(6)));
                    switch (random.nextInt(3)) {
                        case 0 -> load(day);
                        case 1 -> commit(new Movement(account, random.nextInt(20), Map.of()));
                        default -> commit(new Movement(account, random.nextInt(20), Map.of(day, random.nextLong(50))));
                    }
                }
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(histories)) {
                result.get();
            }
        }
        assertTrue(entries("refill") <= 6);
    }

    @Test
    void nothingBelowZeroIsTold() {
        assertThrows(IllegalArgumentException.class, () -> new Movement(account, -1, Map.of()));
        assertThrows(IllegalArgumentException.class, () -> new Movement(account, 0, Map.of(TODAY, -1L)));
    }

    private void open(long remaining, Optional<Refill> refill) {
        QuarkusTransaction.requiringNew().run(() -> ledger.open(tenant, account, remaining, refill));
    }

    private Account load(Instant now) {
        return ledger.load(account, now).orElseThrow();
    }

    private void commit(Movement... movements) throws SQLException {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            ledger.commit(connection, List.of(movements));
            connection.commit();
        }
    }

    private long entries(String kind) throws SQLException {
        return Long.parseLong(value("select count(*) from credit_entries where account_id = '%s' and kind = '%s'"
                .formatted(account, kind)));
    }

    private static String value(String sql) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            assertTrue(row.next());
            return row.getString(1);
        }
    }
}
