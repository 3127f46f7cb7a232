package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.local.TestServices;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.redis.client.Redis;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Consumers that live and die, each test on a stream of its own that the application's consumer does not read. */
@QuarkusTest
class EventMoverTest {

    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofHours(1);

    @Inject
    Redis redis;

    @Inject
    RedisDataSource commands;

    @Inject
    EventStore store;

    @Inject
    ChunkStore chunks;

    private final String key = "latchkey:usage:" + UUID.randomUUID();
    private final SampleEvents sample = SampleEvents.ofNewCredential();
    private final EventCodec codec = new EventCodec();

    @Test
    void eventsLeaveTheStreamWhenTheyAreInPostgres() throws SQLException {
        try (var stream = connect("one")) {
            append(events(3));
            mover(store, NEVER).step(stream);
            assertEquals(0, stream.length());
            assertEquals(0, pending());
        }
        assertCounted(3);
    }

    @Test
    void anEventThatIsInTheStreamTwiceAndInPostgresAlreadyIsCountedOnce() throws SQLException {
        var events = events(2);
        store.add(events.subList(0, 1));
        append(events);
        append(events);
        moveAll(mover(store, NEVER), "one");
        assertCounted(2);
    }

    @Test
    void aConsumerThatDiesBetweenCommitAndAcknowledgementIsTakenOverAndCountsOnce() throws Exception {
        append(events(20));
        try (var doomed = connect("doomed")) {
            var taken = doomed.read();
            store.add(taken.stream().map(entry -> codec.decode(entry.text("e"))).toList());
        }
        assertCounted(20);
        assertEquals(20, pending());
        moveAll(mover(store, SOON), "heir");
        assertCounted(20);
        assertEquals(0, pending());
    }

    @Test
    void aConsumerThatDiesBeforeItsCommitIsTakenOverAndLosesNothing() throws Exception {
        append(events(20));
        try (var doomed = connect("doomed")) {
            assertEquals(20, doomed.read().size());
        }
        assertCounted(0);
        moveAll(mover(store, SOON), "heir");
        assertCounted(20);
    }

    @Test
    void whatALivingConsumerHasInHandIsLeftToIt() throws Exception {
        append(events(5));
        try (var slow = connect("slow");
                var other = connect("other")) {
            assertEquals(5, slow.read().size());
            assertEquals(List.of(), other.claim(NEVER));
        }
    }

    @Test
    void twoConsumersShareAStreamEvenWhenTheyTakeEachOthersEntries() throws Exception {
        var events = sample.random(new Random(3), 3000, Instant.now(), 24);
        append(events);
        var consumers = new ArrayList<Callable<Void>>();
        for (var name : List.of("one", "two", "three")) {
            consumers.add(() -> {
                moveAll(mover(store, SOON), name);
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(consumers)) {
                result.get();
            }
        }
        assertCounted(3000);
    }

    @Test
    void anEmptiedRedisIsFollowedFromItsBeginning() throws SQLException {
        var mover = mover(store, NEVER);
        try (var stream = connect("one")) {
            append(events(1));
            mover.step(stream);
            commands.key().del(key);
            assertThrows(RuntimeException.class, () -> mover.step(stream));
        }
        append(events(2));
        moveAll(mover, "one");
        assertCounted(3);
    }

    @Test
    void whatIsNoEventIsPutAsideAndKeepsNothingBack() throws SQLException {
        var wrong = sample.with(Instant.now(), "GET", "/nul\0", 200, Duration.ZERO);
        append(events(2));
        commands.execute("XADD", key, "*", "e", "no event");
        commands.execute("XADD", key, "*", "other", "field");
        append(List.of(wrong));
        append(events(2));
        moveAll(mover(store, NEVER), "one");
        assertCounted(4);
        var dead = commands.execute("XRANGE", key + ":dead", "-", "+").toString();
        assertEquals(3, commands.execute("XLEN", key + ":dead").toInteger());
        assertTrue(dead.contains("no event") && dead.contains(wrong.id().toString()), dead);
    }

    @Test
    void whilePostgresIsAwayTheEntriesWaitAndThenMove() throws Exception {
        var database = new PGSimpleDataSource();
        database.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
        var mover = mover(new EventStore(database, new SimpleMeterRegistry()), NEVER);
        append(events(3));
        try (var stream = connect("one")) {
            assertThrows(SQLException.class, () -> mover.step(stream));
            append(events(1));
            assertThrows(SQLException.class, () -> mover.step(stream));
            assertEquals(4, stream.length());
            var settings = TestServices.settings();
            database.setUrl(settings.get("quarkus.datasource.jdbc.url"));
            database.setUser(settings.get("quarkus.datasource.username"));
            database.setPassword(settings.get("quarkus.datasource.password"));
            mover.step(stream);
            mover.step(stream);
            assertEquals(0, stream.length());
        }
        assertCounted(4);
    }

    @Test
    void namesOfConsumersLongGoneAreRemovedUnlessEntriesAreStillTheirs() throws Exception {
        try (var gone = connect("gone");
                var owner = connect("owner");
                var living = connect("living")) {
            append(events(1));
            gone.acknowledge(gone.read());
            append(events(1));
            assertEquals(1, owner.read().size());
            Thread.sleep(5);
            living.sweep(NEVER);
            assertTrue(consumers().contains("gone"));
            living.sweep(SOON);
            assertFalse(consumers().contains("gone"));
            assertTrue(consumers().contains("owner"));
        }
        moveAll(mover(store, SOON), "heir");
        assertCounted(1);
    }

    private EventMover mover(EventStore to, Duration claimAfter) {
        return new EventMover(to, chunks, claimAfter, NEVER);
    }

    private void moveAll(EventMover mover, String consumer) throws SQLException {
        try (var stream = connect(consumer)) {
            while (stream.length() > 0) {
                mover.step(stream);
            }
        }
    }

    private UsageStream connect(String consumer) {
        return UsageStream.connect(redis, key, consumer, UsageStream.WAIT);
    }

    private List<UsageEvent> events(int count) {
        return sample.random(new Random(), count, Instant.now(), 1);
    }

    private void append(List<UsageEvent> events) {
        // A connection takes no more than 2048 commands at a time.
        for (var from = 0; from < events.size(); from += 1000) {
            redis.batchAndAwait(events.subList(from, Math.min(events.size(), from + 1000)).stream()
                    .map(event -> UsageStream.append(key, codec.encode(event)))
                    .toList());
        }
    }

    private int pending() {
        return commands.execute("XPENDING", key, "latchkey").get(0).toInteger();
    }

    private String consumers() {
        return commands.execute("XINFO", "CONSUMERS", key, "latchkey").toString();
    }

    private void assertCounted(int expected) throws SQLException {
        assertEquals(expected, UsageTables.eventsOf(sample));
        assertEquals(expected, UsageTables.countedOf(sample));
    }
}
