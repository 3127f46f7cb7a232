package dev.latchkey.platform.cache;

import static dev.latchkey.platform.cache.Replica.CACHE;
import static dev.latchkey.platform.cache.Replica.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.local.TestServices;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A client that follows the feed hears of every change, or that it can rely on nothing. */
@QuarkusTest
class ChangeFeedTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Inject
    Redis redis;

    @Inject
    DataSource database;

    private final List<Replica> replicas = new ArrayList<>();

    @AfterEach
    void stopReplicas() throws InterruptedException {
        for (var replica : replicas) {
            replica.close();
        }
    }

    @Test
    void whoeverWaitsHearsOfAChangeThatAnotherReplicaMade() {
        var one = replica();
        var other = replica();
        var waiting = ask(other, now(other), LONG);
        assertFalse(waiting.isDone());
        one.announce("another cache", "not told");
        one.announce(CACHE, "key");
        var heard = within(waiting);
        assertEquals(List.of("key"), heard.keys());
        assertFalse(heard.reset());
    }

    @Test
    void epochsMeanTheSameOnEveryReplica() {
        var one = replica();
        var other = replica();
        var start = now(one);
        one.announce(CACHE, "first");
        var first = within(ask(one, start, LONG)).epoch();
        one.announce(CACHE, "second");
        var heard = within(ask(other, first, LONG));
        // A replica that is behind waits until it is not.
        one.announce(CACHE, "third");
        var third = within(ask(one, heard.epoch(), LONG));
        assertFalse(within(ask(other, third.epoch(), Duration.ZERO)).reset());
        assertEquals(List.of("second"), heard.keys());
        assertEquals(List.of("third"), third.keys());
    }

    @Test
    void whoeverWaitedInVainGetsAnEmptyAnswer() {
        var replica = replica();
        // What other tests changed a moment ago may still come; nobody changes anything here.
        var nobodys = new ChangeFeed.Question(
                "me", "nobody's cache", Set.of(), OptionalLong.of(now(replica)), Duration.ofSeconds(1));
        var heard = within(replica.feed.ask(nobodys));
        assertEquals(List.of(), heard.keys());
        assertFalse(heard.reset());
    }

    @Test
    void anEpochThatDoesNotComeResets() {
        var replica = replica();
        var heard = within(ask(replica, now(replica) + 1_000_000, Duration.ZERO));
        assertTrue(heard.reset());
    }

    @Test
    void anEmptiedRedisResetsAlsoWhenItsEpochsHaveGrownAgain() {
        var replica = replica();
        var first = now(replica);
        replica.announce(CACHE, "before");
        until(() -> now(replica) > first);
        var old = now(replica);
        var waiting = ask(replica, old, LONG);
        redis.send(Request.cmd(Command.DEL)
                        .arg("{latchkey:invalidations}:epoch")
                        .arg("{latchkey:invalidations}:stream"))
                .await()
                .atMost(LONG);
        assertTrue(within(waiting).reset());
        until(() -> replica.trust.isGiven());
        for (var i = 0; i < 5; i++) {
            replica.announce(CACHE, "after " + i);
        }
        until(() -> now(replica) > old);
        assertTrue(within(ask(replica, old, Duration.ZERO)).reset());
    }

    @Test
    void whoeverWaitsIsToldWhenThisReplicaHearsNothing() throws InterruptedException {
        var deaf = replica();
        var waiting = ask(deaf, now(deaf), LONG);
        deaf.stopListening();
        assertEquals(CommonProblem.UNAVAILABLE, problem(waiting).code());
        assertEquals(
                CommonProblem.UNAVAILABLE, problem(ask(deaf, 0, Duration.ZERO)).code());
    }

    @Test
    void aChangeThatStaysInTheOutboxLeavesNobodyAtEase() throws SQLException {
        var replica = started(Replica.startListening(redis, outboxOfItsOwn()));
        replica.awaitTrust();
        var waiting = ask(replica, now(replica), LONG);
        execute("insert into outbox_stuck.platform_invalidations (cache, key) values ('" + CACHE + "', 'key')");
        assertEquals(CommonProblem.UNAVAILABLE, problem(waiting).code());
        assertTrue(replica.trust.isGiven());
        execute("delete from outbox_stuck.platform_invalidations");
        until(() -> !ask(replica, 0, Duration.ZERO).isCompletedExceptionally());
    }

    @Test
    void placesAreBoundedForEachAndForAllAndAreFreeAgain() {
        var replica = replica();
        var epoch = now(replica);
        var waiting = new ArrayList<CompletableFuture<ChangeFeed.Changes>>();
        for (var i = 0; i < Replica.PLACES - 1; i++) {
            waiting.add(ask(replica, epoch, LONG));
        }
        assertEquals(
                CommonProblem.RATE_LIMITED, problem(ask(replica, epoch, LONG)).code());
        var neighbour = ask(replica, "neighbour", epoch);
        assertEquals(
                CommonProblem.RATE_LIMITED,
                problem(ask(replica, "third", epoch)).code());
        assertFalse(neighbour.isDone());
        waiting.getFirst().complete(new ChangeFeed.Changes(0, true, List.of()));
        assertFalse(ask(replica, "third", epoch).isDone());
        assertTrue(ask(replica, "fourth", epoch).isCompletedExceptionally());
        neighbour.complete(new ChangeFeed.Changes(0, true, List.of()));
        waiting.add(ask(replica, epoch, LONG));
        assertFalse(waiting.getLast().isDone());
    }

    @Test
    void nobodyHoldsUpTheEnd() {
        var replica = replica();
        var waiting = ask(replica, now(replica), LONG);
        replica.feed.drain(new ShutdownDelayInitiatedEvent());
        assertEquals(CommonProblem.UNAVAILABLE, problem(waiting).code());
    }

    private Replica replica() {
        return started(Replica.start(redis, database)).awaitTrust();
    }

    private Replica started(Replica replica) {
        replicas.add(replica);
        return replica;
    }

    private static long now(Replica replica) {
        var present = replica.feed.ask(question("me", OptionalLong.empty(), Duration.ZERO));
        return present.isCompletedExceptionally() ? 0 : present.join().epoch();
    }

    private static CompletableFuture<ChangeFeed.Changes> ask(Replica replica, long after, Duration wait) {
        return replica.feed.ask(question("me", OptionalLong.of(after), wait));
    }

    private static CompletableFuture<ChangeFeed.Changes> ask(Replica replica, String who, long after) {
        return replica.feed.ask(question(who, OptionalLong.of(after), LONG));
    }

    private static ChangeFeed.Question question(String who, OptionalLong after, Duration wait) {
        return new ChangeFeed.Question(who, CACHE, Set.of(), after, wait);
    }

    private static ChangeFeed.Changes within(CompletableFuture<ChangeFeed.Changes> answer) {
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static Problem problem(CompletableFuture<ChangeFeed.Changes> answer) {
        var failure = assertThrows(CompletionException.class, () -> within(answer));
        return (Problem) java.util.Objects.requireNonNull(failure.getCause());
    }

    // A table of its own, from which nobody gives anything to Redis.
    private static DataSource outboxOfItsOwn() throws SQLException {
        execute("drop schema if exists outbox_stuck cascade; create schema outbox_stuck; create table "
                + "outbox_stuck.platform_invalidations (like public.platform_invalidations including all)");
        var source = (PGSimpleDataSource) TestServices.postgres();
        source.setCurrentSchema("outbox_stuck");
        return source;
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = TestServices.postgres().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
