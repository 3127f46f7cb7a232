package dev.latchkey.audit;

import static dev.latchkey.audit.Chains.entry;
import static dev.latchkey.audit.Chains.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.api.Together;
import dev.latchkey.local.TestServices;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.http.CurrentRequest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** How acts come into the chain. */
@QuarkusTest
class WritingTest {

    @Inject
    Chains chains;

    @Inject
    AuditLog audit;

    @Inject
    ChainWatch watch;

    @Inject
    Chain chain;

    @Inject
    ChainKeys keys;

    @Inject
    TransactionSynchronizationRegistry transactions;

    @Inject
    EntityManager entities;

    @Inject
    DataSource database;

    @Inject
    CurrentCaller caller;

    @Inject
    CurrentRequest request;

    @Inject
    ObjectMapper json;

    @Test
    void anActThatIsRolledBackLeavesNoRowAndNoGap() {
        var tenant = chains.ofRows(1);
        assertThrows(IllegalStateException.class, () -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    audit.record(entry(tenant));
                    throw new IllegalStateException("the act failed");
                }));
        chains.record(tenant);
        chains.assertIntact(tenant, 2);
    }

    @Test
    void anActWhoseRecordCannotBeWrittenIsRolledBack() {
        var tenant = chains.ofRows(1);
        var mark = UUID.randomUUID().toString();
        assertThrows(
                RuntimeException.class, () -> QuarkusTransaction.requiringNew().run(() -> {
                    entities.createNativeQuery("insert into tenants (id, name, created_at) values (?1, ?2, now())")
                            .setParameter(1, UUID.randomUUID())
                            .setParameter(2, mark)
                            .executeUpdate();
                    audit.record(AuditEntry.of(tenant, "No Action", "token", 1));
                }));
        assertEquals("0", value("select count(*) from tenants where name = ?", mark));
        chains.assertIntact(tenant, 1);
    }

    @Test
    void outsideATransactionNothingIsRecorded() {
        assertThrows(RuntimeException.class, () -> audit.record(entry(UUID.randomUUID())));
    }

    @Test
    void severalActsOfOneTransactionStandInTheirOrder() {
        var tenant = chains.ofRows(1);
        QuarkusTransaction.requiringNew().run(() -> {
            for (var i = 0; i < 5; i++) {
                audit.record(AuditEntry.of(tenant, "token.updated", "token", i));
            }
        });
        chains.assertIntact(tenant, 6);
        assertEquals(
                "0,1,2,3,4",
                value(
                        "select string_agg(subject_id, ',' order by position) from audit_log where chain = ? and position > 1",
                        tenant));
    }

    @Test
    void aClockSetBackAnHourChangesNothing() {
        var tenant = chains.ofRows(1);
        var now = Instant.now();
        for (var hours : new int[] {0, -1, -1, 0, 2, 1}) {
            var log = at(now.plus(Duration.ofHours(hours)));
            QuarkusTransaction.requiringNew().run(() -> log.record(entry(tenant)));
        }
        chains.assertIntact(tenant, 7);
        assertEquals(
                "t",
                value(
                        "select bool_or(later.at < earlier.at) from audit_log as earlier join audit_log as later"
                                + " on later.chain = earlier.chain and later.position = earlier.position + 1 where earlier.chain = ?",
                        tenant));
    }

    @Test
    void timesFinerThanTheDatabaseKeepsAreHashedAsItKeepsThem() {
        var tenant = chains.ofRows(1);
        var log = at(Instant.parse("2026-01-01T00:00:00.123456789Z"));
        QuarkusTransaction.requiringNew().run(() -> log.record(entry(tenant)));
        chains.assertIntact(tenant, 2);
    }

    @Test
    void manyWritersOfTwoTenantsInOppositeOrderNeitherBlockNorBreakAChain() {
        var one = chains.ofRows(1);
        var other = chains.ofRows(1);
        Together.run(16, number -> {
            for (var i = 0; i < 20; i++) {
                QuarkusTransaction.requiringNew().run(() -> {
                    audit.record(entry(number % 2 == 0 ? one : other));
                    audit.record(entry(number % 2 == 0 ? other : one));
                });
            }
            return true;
        });
        chains.assertIntact(one, 321);
        chains.assertIntact(other, 321);
    }

    @Test
    void aRequestThatRecordedAnActAndGoesOnHoldsNobodyUp() throws InterruptedException {
        var tenant = chains.ofRows(1);
        var recorded = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var slow = Thread.ofVirtual()
                .start(() -> QuarkusTransaction.requiringNew().run(() -> {
                    audit.record(entry(tenant));
                    recorded.countDown();
                    await(goOn);
                }));
        await(recorded);
        // Would wait here until its time was up, if the slow one had locked anything by now.
        chains.record(tenant);
        chains.assertIntact(tenant, 2);
        goOn.countDown();
        slow.join();
        chains.assertIntact(tenant, 3);
    }

    @Test
    void rowsOfAnOlderVersionAreLinkedAndTheLogSaysWhich() throws SQLException {
        var tenant = chains.ofRows(2);
        insertAsBefore(tenant, 700);
        watch.adoptAll();
        // The scheduled job may be at it too.
        for (var tries = 0; tries < 100 && !"0".equals(unlinked(tenant)); tries++) {
            watch.adoptAll();
        }
        assertEquals("0", unlinked(tenant));
        chains.assertIntact(tenant, 704);
        assertEquals(
                "3",
                value(
                        "select min((details ->> 'first_position')::int) from audit_log where chain = ? and action = 'audit_log.adopted'",
                        tenant));
    }

    @Test
    void rowsOfAnOlderVersionAreLinkedOldestFirstByHoweverManyReplicas() {
        var tenant = chains.ofRows(1);
        insertAsBefore(tenant, 1500);
        Together.run(4, number -> {
            for (var i = 0; i < 25; i++) {
                QuarkusTransaction.requiringNew().run(() -> adoptSome(tenant));
            }
            return true;
        });
        assertEquals(
                "t",
                value(
                        "select bool_and(ordered) from (select id > lag(id, 1, id) over (order by position) or row_number() over (order by position) = 1 as ordered"
                                + " from audit_log where chain = ? and action = 'token.created') as linked",
                        tenant));
        assertEquals("0", unlinked(tenant));
    }

    private void adoptSome(UUID tenant) {
        try (var connection = database.getConnection()) {
            chain.adopt(connection, tenant, 20);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingIsChangedOrTakenAwayByMistake() throws SQLException {
        var tenant = chains.ofRows(2);
        for (var mistake : new String[] {
            "update audit_log set action = 'token.created'",
            "update audit_log set position = null, hash = null",
            "delete from audit_log",
            "truncate audit_log",
            "delete from audit_chains",
            "truncate audit_chains",
            "update audit_checkpoints set kid = 'x'",
            "delete from audit_checkpoints",
            "truncate audit_checkpoints"
        }) {
            var refused = assertThrows(SQLException.class, () -> execute(mistake), mistake);
            assertTrue(String.valueOf(refused.getMessage()).contains("is append-only"), refused::getMessage);
        }
        var unlinked = """
                insert into audit_log (id, at, tenant_id, actor_kind, action, subject_kind, subject_id)
                values ('%1$s', now(), '%1$s', 'system', 'token.created', 'token', '1');
                update audit_log set position = 9, hash = decode(repeat('ab', 32), 'hex') %2$s where id = '%1$s'""";
        execute(unlinked.formatted(tenant, ""));
        assertThrows(SQLException.class, () -> execute(unlinked.formatted(tenant, ", action = 'token.revoked'")));
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            connection.rollback();
        }
    }

    private static void insertAsBefore(UUID tenant, int count) {
        Chains.byHand("""
                insert into audit_log (id, at, tenant_id, actor_kind, actor_id, actor_user, action, subject_kind, subject_id, address,
                    request_id, details)
                select gen_random_uuid(), now(), ?, 'session', null, null, 'token.created', 'token', i::text, null, null,
                    cast('{"b": 1.0,  "a": "ü"}' as jsonb)
                from generate_series(1, ?) as i""", tenant, count);
    }

    private static String unlinked(UUID tenant) {
        return value("select count(*) from audit_log where chain = ? and position is null", tenant);
    }

    private AuditLog at(Instant now) {
        return new AuditLog(
                transactions, entities, database, chain, keys, caller, request, json, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
