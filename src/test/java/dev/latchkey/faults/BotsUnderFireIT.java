package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import dev.latchkey.telegram.TelegramFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances call Telegram for the same bot, while it is suspended, or one of them ends. */
class BotsUnderFireIT {

    private static final long BOT_ID = 4711;
    private static final String TOKEN = BOT_ID + ":test-token-of-no-bot_00000000000000";
    private static final String ME =
            "{\"id\":" + BOT_ID + ",\"is_bot\":true,\"first_name\":\"Bot\",\"username\":\"under_fire_bot\"}";
    private static final int CALLERS = 3;
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final Caller caller = new Caller();
    private TelegramFaults telegram;
    private Instance one;
    private Instance other;
    private CuttableLine toRedisOfOther;
    private String owner;

    @BeforeEach
    void start() throws Exception {
        telegram = new TelegramFaults();
        telegram.answers(call -> TelegramFaults.ok(call.method().equals("getMe") ? ME : "true"));
        var settings = OwnDatabase.create("bots_under_fire_" + TESTS.incrementAndGet())
                .settings(Map.of(
                        "latchkey.telegram.url",
                        telegram.uri().toString(),
                        // So that whoever was killed is not waited for that long.
                        "latchkey.telegram.timeout",
                        "3s",
                        "latchkey.limits.session.per-minute",
                        "1000000"));
        one = Instance.start(settings).awaitReady();
        var redis = URI.create(settings.get("quarkus.redis.hosts"));
        toRedisOfOther = CuttableLine.to(redis.getPort());
        var throughLine = new HashMap<>(settings);
        throughLine.put(
                "quarkus.redis.hosts",
                "redis://" + redis.getUserInfo() + "@127.0.0.1:" + toRedisOfOther.port() + redis.getPath());
        other = Instance.start(throughLine).awaitReady();
        owner = caller.logIn(one.base());
        call(one, "create", "{\"bot_token\":\"" + TOKEN + "\",\"max_requests_per_second\":100}", 201);
        call(one, "verify", "{}", 200);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        toRedisOfOther.close();
        telegram.close();
    }

    private HttpResponse<String> call(Instance instance, String end, String body)
            throws IOException, InterruptedException {
        return caller.call("POST", instance.base() + "/api/user-bot/" + end, owner, body);
    }

    private void call(Instance instance, String end, String body, int status) throws IOException, InterruptedException {
        var answer = call(instance, end, body);
        assertEquals(status, answer.statusCode(), answer::body);
    }

    private long arrived(String method) {
        return telegram.calls().stream()
                .filter(call -> call.method().equals(method))
                .count();
    }

    @Test
    void whatIsSuspendedOnOneInstanceCallsNothingFromTheOtherASecondLater() throws Exception {
        var end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calling = new ArrayList<Future<Integer>>();
            for (var i = 0; i < CALLERS; i++) {
                calling.add(threads.submit(() -> callUntil(end)));
            }
            Eventually.within(10, () -> assertTrue(arrived("getChat") > 10));
            var suspended = caller.call(
                    "PATCH", one.base() + "/api/admin/bots/1/suspend", owner, "{\"reason\":\"a test of suspension\"}");
            var moment = System.nanoTime();
            assertEquals(200, suspended.statusCode(), suspended::body);
            var refused = 0;
            for (var each : calling) {
                refused += each.get();
            }
            var late = telegram.calls().stream()
                    .filter(call ->
                            call.arrivedNanos() - moment > Duration.ofSeconds(1).toNanos())
                    .toList();
            assertEquals(List.of(), late);
            assertTrue(refused > 10, "refused: " + refused);
        }
    }

    /** How often it was refused. */
    private int callUntil(long end) throws Exception {
        var refused = 0;
        while (System.nanoTime() < end) {
            var answer = call(other, "call/getChat", "{}");
            if (answer.statusCode() != 200) {
                assertEquals(403, answer.statusCode(), answer::body);
                assertTrue(answer.body().contains("bot_suspended"), answer::body);
                refused++;
            }
        }
        return refused;
    }

    @Test
    void whoIsKilledInACallKeepsNoSlotForLong() throws Exception {
        var limits = caller.call(
                "PATCH", one.base() + "/api/user-bot/rate-limits", owner, "{\"max_concurrent_requests\":1}");
        assertEquals(200, limits.statusCode(), limits::body);
        telegram.answers(call -> call.method().equals("getChat") ? telegram.silence() : TelegramFaults.ok(ME));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> call(one, "call/getChat", "{}"));
            Eventually.within(10, () -> assertEquals(1, arrived("getChat")));
            // It waits for the slot: once for whoever has it, then for one that nobody gives back.
            var asked = arrived("getMe");
            var waiting = threads.submit(() -> call(other, "call/getMe", "{}"));
            Thread.sleep(1_000);
            assertEquals(asked, arrived("getMe"), "the slot was not taken");
            one.kill();
            assertEquals(200, waiting.get().statusCode());
        }
    }

    @Test
    void whileRedisIsAwayNothingGoesOutAndWhatIsKeptElsewhereIsTold() throws Exception {
        call(other, "call/getChat", "{}", 200);
        Eventually.within(30, () -> assertEquals(1, total()));
        toRedisOfOther.close(true);
        call(other, "call/getChat", "{}", 503);
        assertEquals(1, arrived("getChat"));
        var stats = caller.call("GET", other.base() + "/api/user-bot/stats", owner, "");
        assertEquals(200, stats.statusCode(), stats::body);
        assertEquals(1, Caller.json(stats).path("calls").asInt());
        var activity = caller.call("GET", other.base() + "/api/user-bot/activity", owner, "");
        assertEquals(503, activity.statusCode(), activity::body);
        assertEquals("1", activity.headers().firstValue("Retry-After").orElse(""));
        toRedisOfOther.close(false);
        Eventually.within(10, () -> assertEquals(200, asked("activity")));
    }

    @Test
    void whatTelegramRefusesAsOneTooManyWhileRedisIsAwayIsNotSentAgain() throws Exception {
        telegram.answers(call -> TelegramFaults.after(Duration.ofSeconds(1), TelegramFaults.tooMany(1)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calling = threads.submit(() -> call(other, "call/getChat", "{}"));
            Eventually.within(10, () -> assertEquals(1, arrived("getChat")));
            toRedisOfOther.close(true);
            assertEquals(
                    503, calling.get().statusCode(), () -> calling.resultNow().body());
            assertEquals(1, arrived("getChat"));
        }
    }

    private int asked(String end) {
        try {
            return caller.call("GET", other.base() + "/api/user-bot/" + end, owner, "")
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoEndsWaitsForItsCallsUnderWay() throws Exception {
        telegram.answers(call -> TelegramFaults.after(Duration.ofSeconds(2), TelegramFaults.ok("true")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calling = threads.submit(() -> call(one, "call/getChat", "{}"));
            Eventually.within(10, () -> assertEquals(1, arrived("getChat")));
            one.close();
            assertEquals(200, calling.get().statusCode());
        }
    }

    @Test
    void callsAreCountedOnceAlthoughBothCountAndOneIsKilled() throws Exception {
        for (var i = 0; i < 10; i++) {
            call(one, "call/getChat", "{}", 200);
            call(other, "call/getChat", "{}", 200);
        }
        telegram.answers(call -> call.method().equals("leaveChat") ? telegram.silence() : TelegramFaults.ok("true"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> call(one, "call/leaveChat", "{}"));
            Eventually.within(10, () -> assertEquals(1, arrived("leaveChat")));
            one.kill();
        }
        for (var i = 0; i < 10; i++) {
            call(other, "call/getChat", "{}", 200);
        }
        Eventually.within(30, () -> assertEquals(31, total()));
    }

    private int total() {
        try {
            var status = caller.call("GET", other.base() + "/api/user-bot/status", owner, "");
            return Caller.json(status).path("total_requests").asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
