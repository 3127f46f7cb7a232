package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import dev.latchkey.faults.Attack.Target;
import dev.latchkey.faults.History.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Limits and credits are exact over three processes whose clocks disagree: never more than the limit in any span of a window's length,
 * never a refusal without a reason, and what is told to be left is what is left. How long: {@code -Dlatchkey.exactness.seconds=60}; two
 * minutes and more let the windows of a minute move.
 */
class ExactnessIT {

    private static final Duration LASTS = Duration.ofSeconds(Long.getLong("latchkey.exactness.seconds", 15));
    private static final List<Integer> SKEWS = List.of(0, 2, -2);
    private static final long MOST = 1_000_000_000;
    private static final long CREDITS = 701;
    private static final int MOST_COST = 7;
    private static final Caller CALLER = new Caller();

    private static final List<Instance> instances = new ArrayList<>();
    private static OwnDatabase database;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        database = OwnDatabase.create("exactness");
        // A busy build machine must not turn an exact decision into a local one.
        var settings = database.settings(Map.of("latchkey.limits.timeout", "20s", "latchkey.redis.timeout", "20s"));
        for (var skew : SKEWS) {
            instances.add(Instance.start(settings, ClockSkew.ofSeconds(skew).orElse(Map.of())));
        }
        instances.forEach(Instance::awaitReady);
        session = CALLER.logIn(instances.getFirst().base());
    }

    @AfterAll
    static void stop() {
        instances.forEach(Instance::close);
    }

    @Test
    void whateverIsAskedOfWhichInstanceNoLimitGivesMoreOrLessThanItHas() throws Exception {
        assertClocksDisagree();
        var asker = new Asker(
                CALLER.newToken(instances.getFirst().base(), session, Map.of("scopes", List.of("verify:tokens")))
                        .text());
        var hour = target(MOST, 503, MOST, Map.of(), true);
        var day = target(MOST, MOST, 997, Map.of(), true);
        var credits = target(MOST, MOST, MOST, Map.of(History.CREDITS, CREDITS), true);
        var targets = Map.of(
                "minute",
                target(211, MOST, MOST, Map.of(), false),
                "hour",
                hour,
                "day",
                day,
                "tiers",
                target(97, 211, 223, Map.of(), false),
                "credits",
                credits,
                "unlimited",
                target(MOST, MOST, MOST, Map.of(), false));
        var end = System.nanoTime() + LASTS.toNanos();
        new Attack(asker, instances, List.copyOf(targets.values())).run(() -> System.nanoTime() > end);
        targets.forEach((name, target) -> {
            var history = target.history();
            System.out.printf(
                    "%s: %d questions, %d units admitted%n",
                    name, history.calls().size(), history.admittedUnits());
            var faults = history.faults();
            assertEquals(
                    List.of(), faults.subList(0, Math.min(5, faults.size())), faults.size() + " faults of " + name);
            assertCounted(target);
        });
        assertEquals(503, hour.history().admittedUnits());
        assertEquals(997, day.history().admittedUnits());
        assertEquals(CREDITS, credits.history().admittedUnits());
        assertLedgerAgrees(credits);
        for (var instance : instances) {
            assertEquals(List.of(), decidedWithoutRedis(instance));
        }
    }

    private static Target target(
            long perMinute, long perHour, long perDay, Map<String, Long> credits, boolean mustBeUsedUp)
            throws Exception {
        var fields = new HashMap<String, Object>(credits);
        fields.put("rate_limits", Map.of("per_minute", perMinute, "per_hour", perHour, "per_day", perDay));
        var windows = List.of(
                new Window("minute", perMinute, Duration.ofMinutes(1)),
                new Window("hour", perHour, Duration.ofHours(1)),
                new Window("day", perDay, Duration.ofDays(1)));
        return new Target(
                CALLER.newToken(instances.getFirst().base(), session, fields),
                new History(windows, credits),
                MOST_COST,
                mustBeUsedUp);
    }

    /** Each question that was no peek is an event, with its outcome. */
    private static void assertCounted(Target target) {
        var uses = target.history().calls().stream()
                .filter(call -> call.cost() > 0)
                .toList();
        var admitted = uses.stream().filter(call -> call.answer().isValid()).count();
        var events = "select coalesce(sum(calls), 0) || ' ' || coalesce(sum(calls) filter (where status = 200), 0)"
                + " from token_usage_events where credential_id = '%s'";
        Eventually.within(
                60,
                () -> assertEquals(
                        uses.size() + " " + admitted,
                        database.value(events.formatted(target.token().id()))));
    }

    private static void assertLedgerAgrees(Target target) {
        var id = target.token().id();
        assertEquals("0", database.value("select balance from credit_accounts where id = '%s'".formatted(id)));
        assertEquals(
                "0", database.value("select sum(amount) from credit_entries where account_id = '%s'".formatted(id)));
        assertEquals(
                Long.toString(CREDITS),
                database.value("select sum(credits) from token_usage_events where credential_id = '%s'".formatted(id)));
    }

    private static void assertClocksDisagree() throws Exception {
        if (ClockSkew.ofSeconds(0).isEmpty()) {
            System.out.println("The clocks of the instances agree: there is no libfaketime here.");
            return;
        }
        for (var i = 0; i < SKEWS.size(); i++) {
            var before = Instant.now();
            var created = Caller.json(CALLER.call(
                    "POST",
                    instances.get(i).base() + "/api/v1/tokens",
                    session,
                    "{\"name\":\"the time\",\"scopes\":[\"read:audits\"]}"));
            var there = Instant.parse(created.path("created_at").asText()).minusSeconds(SKEWS.get(i));
            var tolerance = Duration.ofMillis(100);
            assertTrue(there.isAfter(before.minus(tolerance)), there + " is not after " + before);
            assertTrue(there.isBefore(Instant.now().plus(tolerance)), there + " is in the future");
        }
    }

    private static List<String> decidedWithoutRedis(Instance instance) throws Exception {
        return CALLER.call("GET", instance.management() + "/q/metrics", "", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("latchkey_limit_decisions_total"))
                .filter(line -> !line.contains("decided_by=\"redis\"") && !line.endsWith(" 0.0"))
                .toList();
    }
}
