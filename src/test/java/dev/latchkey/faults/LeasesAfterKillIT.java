package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import dev.latchkey.faults.Caller.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers from a lease leave before Redis has the use: each is counted all the same, and once, although the process that gave it is killed. */
class LeasesAfterKillIT {

    private static final int KILLS = Integer.getInteger("latchkey.kills", 3);
    private static final int THREADS = 4;
    private static final String BY_LEASE =
            "latchkey_limit_decisions_total{decided_by=\"lease\",kind=\"token\",outcome=\"allowed\"}";
    private static final Map<String, Long> GENEROUS =
            Map.of("per_minute", 10_000_000L, "per_hour", 100_000_000L, "per_day", 1_000_000_000L);
    private static final Caller CALLER = new Caller();

    @TempDir
    private static Path journal;

    private static OwnDatabase database;
    private static volatile Instance instance;
    private static Asker asker;
    private static Token token;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        database = OwnDatabase.create("leases_after_kill");
        instance = newInstance().awaitReady();
        var session = CALLER.logIn(instance.base());
        asker = new Asker(CALLER.newToken(instance.base(), session, Map.of("scopes", List.of("verify:tokens")))
                .text());
        token = CALLER.newToken(instance.base(), session, Map.of("rate_limits", GENEROUS));
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void eachAnswerOfAKilledProcessIsCountedOnce() throws Exception {
        var over = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var asking = new ArrayList<Future<?>>();
            for (var i = 0; i < THREADS; i++) {
                asking.add(threads.submit(() -> ask(over)));
            }
            try {
                for (var i = 0; i < KILLS; i++) {
                    awaitLeases();
                    var killed = instance;
                    killed.kill();
                    instance = newInstance().awaitReady();
                }
                awaitLeases();
            } finally {
                over.set(true);
            }
            for (var one : asking) {
                one.get();
            }
        }
        Eventually.within(90, () -> assertTrue(counted() >= answered.get(), counted() + " of " + answered));
        Eventually.within(60, () -> assertEquals(0, instance.metric("latchkey_usage_stream_lag")));
        System.out.printf("Answered %s, unanswered %s, counted %d%n", answered, unanswered, counted());
        assertTrue(
                counted() <= answered.get() + unanswered.get(), counted() + " of " + answered + " and " + unanswered);
    }

    /** Until this instance has answered a good many from a lease. */
    private static void awaitLeases() {
        Eventually.within(
                60, () -> assertTrue(instance.metric(BY_LEASE) > 300, () -> "leased " + instance.metric(BY_LEASE)));
    }

    private void ask(AtomicBoolean over) {
        while (!over.get()) {
            try {
                var answer = asker.verify(instance.base(), token, 1);
                assertEquals("VALID", answer.code());
                answered.incrementAndGet();
            } catch (IOException e) {
                unanswered.incrementAndGet();
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static long counted() {
        return Long.parseLong(database.value(
                "select coalesce(sum(calls), 0) from token_usage_events where status = 200 and credential_id = '%s'"
                        .formatted(token.id())));
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Instance newInstance() {
        return Instance.start(database.settings(Map.of(
                "latchkey.journal.directory", journal.toString(),
                "latchkey.limits.timeout", "20s",
                "latchkey.redis.timeout", "20s")));
    }
}
