package dev.latchkey.platform.cache;

import static dev.latchkey.platform.cache.Replica.CACHE;
import static dev.latchkey.platform.cache.Replica.pause;
import static dev.latchkey.platform.cache.Replica.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.local.TestServices;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A change is heard of even if the replica that made it cannot tell anyone; and when PostgreSQL cannot tell, no cache is believed. */
@QuarkusTest
class InvalidationOutboxTest {

    @Inject
    Redis redis;

    @Inject
    DataSource database;

    @Inject
    Invalidations invalidations;

    @Inject
    Vertx vertx;

    private final List<Replica> replicas = new ArrayList<>();

    @AfterEach
    void stopReplicas() throws InterruptedException {
        for (var replica : replicas) {
            replica.close();
        }
    }

    @Test
    void aReplicaThatIsCutOffFromRedisIsHeardAllTheSame() {
        var cut = started(Replica.start(Redis.createClient(vertx, "redis://127.0.0.1:1"), database));
        var other = started(Replica.start(redis, database)).awaitTrust();
        assertEquals("v1", cut.look("key", "v1"));
        assertEquals("v1", other.read("key", "v1"));

        cut.announce(CACHE, "key");

        assertEquals("v2", cut.look("key", "v2"));
        until(() -> other.look("key", "v2").equals("v2"));
        until(() -> waiting("public") == 0);
    }

    @Test
    void whatNoReplicaCanGiveToRedisIsForgottenAtEachLook() throws SQLException {
        // A table of its own, so that the application does not give it to Redis.
        var aside = schemaOfItsOwn("outbox_alone");
        var replica = started(Replica.startListening(redis, aside)).awaitTrust();
        assertEquals("v1", replica.read("key", "v1"));

        // As by a process that was killed right after its commit.
        insert("outbox_alone");

        until(() -> replica.look("key", "v2").equals("v2"));
        until(() -> replica.look("key", "v3").equals("v3"));
        assertTrue(replica.trust.isGiven());
        assertEquals(1, waiting("outbox_alone"));
    }

    @Test
    void aChangeThatIsCommittedLateIsNotOverlooked() throws SQLException {
        var replica = started(Replica.startListening(redis, schemaOfItsOwn("outbox_late")))
                .awaitTrust();
        try (var late = TestServices.postgres().getConnection();
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.executeUpdate(
                    "insert into outbox_late.platform_invalidations (cache, key) values ('" + CACHE + "', 'key')");
            // A later one with a higher number is there, and was read, before.
            replica.read("other", "v1");
            execute("insert into outbox_late.platform_invalidations (cache, key) values ('" + CACHE + "', 'other')");
            until(() -> replica.look("other", "v2").equals("v2"));
            assertEquals("v1", replica.read("key", "v1"));

            late.commit();
        }
        until(() -> replica.look("key", "v2").equals("v2"));
    }

    @Test
    void aChangeThatWasRolledBackIsNoChange() {
        assertThrows(IllegalStateException.class, () -> QuarkusTransaction.requiringNew()
                .run(() -> {
                    invalidations.announce(CACHE, "rolled back");
                    throw new IllegalStateException("on purpose");
                }));
        started(Replica.start(redis, database)).awaitTrust().announce(CACHE, "after it");
        until(() -> told().contains("after it") && waiting("public") == 0);
        assertFalse(told().contains("rolled back"));
    }

    @Test
    void anUnansweringPostgresIsNotTakenForCalm() throws Exception {
        var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (var proxied = silent) {
            var replica = started(Replica.startListening(redis, at(proxied.getLocalPort())));
            // Longer than it takes to give up asking, twice.
            for (var i = 0; i < 60; i++) {
                assertFalse(replica.trust.isGiven());
                pause(Duration.ofMillis(100));
            }
        }
    }

    @Test
    void whilePostgresIsDownForCertainWhatIsCachedIsServed() throws IOException {
        var replica = started(Replica.startListening(redis, at(closedPort()))).awaitTrust();
        assertEquals("v1", replica.read("key", "v1"));
        for (var i = 0; i < 20; i++) {
            assertTrue(replica.read("key", "v2").equals("v1"));
            pause(Duration.ofMillis(100));
        }
    }

    @Test
    void theOutboxIsEmptySoonAfterManyChangesAtOnce() throws Exception {
        var one = started(Replica.start(redis, database)).awaitTrust();
        var other = started(Replica.start(redis, database)).awaitTrust();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var i = 0; i < 600; i++) {
                var replica = i % 2 == 0 ? one : other;
                var key = "key " + i;
                threads.submit(() -> replica.announce(CACHE, key));
            }
        }
        until(() -> waiting("public") == 0);
    }

    @Test
    void whatIsOldIsDroppedSoThatTheTableIsBoundedWithoutRedis() throws SQLException {
        var aside = new InvalidationOutbox(schemaOfItsOwn("outbox_old"));
        insert("outbox_old");
        insert("outbox_old");
        execute(
                "update outbox_old.platform_invalidations set created_at = created_at - interval '6 minutes' where id = 1");
        QuarkusTransaction.requiringNew().call(() -> {
            aside.dropOld();
            return null;
        });
        assertEquals(1, waiting("outbox_old"));
    }

    /** What Redis has told the replicas. */
    private String told() {
        var request = Request.cmd(Command.XRANGE)
                .arg("{latchkey:invalidations}:stream")
                .arg("-")
                .arg("+");
        return String.valueOf(redis.send(request).await().atMost(Duration.ofSeconds(10)));
    }

    private Replica started(Replica replica) {
        replicas.add(replica);
        return replica;
    }

    private static void insert(String schema) throws SQLException {
        execute("insert into " + schema + ".platform_invalidations (cache, key) values ('" + CACHE + "', 'key')");
    }

    private static int waiting(String schema) {
        return rows("select count(*) from " + schema + ".platform_invalidations");
    }

    private static DataSource schemaOfItsOwn(String schema) throws SQLException {
        execute("drop schema if exists " + schema + " cascade; create schema " + schema + "; create table " + schema
                + ".platform_invalidations (like public.platform_invalidations including all)");
        var source = (PGSimpleDataSource) TestServices.postgres();
        source.setCurrentSchema(schema);
        return source;
    }

    private static DataSource at(int port) {
        var source = (PGSimpleDataSource) TestServices.postgres();
        source.setPortNumbers(new int[] {port});
        return source;
    }

    private static int closedPort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int rows(String sql) {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
