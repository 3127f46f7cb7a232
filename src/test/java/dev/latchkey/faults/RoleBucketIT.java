package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bucket of a role is one, however many processes are asked with its key at the same time. */
class RoleBucketIT {

    private static final Duration LASTS = Duration.ofSeconds(4);
    private static final int THREADS_EACH = 4;
    private static final Caller CALLER = new Caller();

    private static final List<Instance> instances = new ArrayList<>();
    private static String admin;

    @BeforeAll
    static void start() throws Exception {
        var database = OwnDatabase.create("role_bucket");
        // A busy build machine must not turn an exact decision into a local one.
        var settings = database.settings(Map.of(
                "latchkey.limits.timeout",
                "20s",
                "latchkey.redis.timeout",
                "20s",
                "latchkey.api-keys.roles.busy.scopes",
                "chat:read",
                "latchkey.api-keys.roles.busy.life",
                "7d",
                "latchkey.api-keys.roles.busy.per-hour",
                "12000"));
        for (var i = 0; i < 2; i++) {
            instances.add(Instance.start(settings));
        }
        instances.forEach(Instance::awaitReady);
        admin = CALLER.logIn(instances.getFirst().base());
    }

    @AfterAll
    static void stop() {
        instances.forEach(Instance::close);
    }

    @ParameterizedTest
    @CsvSource({"basic, 10, 36000", "busy, 200, 300"})
    void bothInstancesTogetherAdmitWhatTheBucketHoldsAndWhatComesBackMeanwhile(String role, long holds, long millisEach)
            throws Exception {
        var key = newKey(role);
        var begin = System.nanoTime();
        var statuses = askBoth(key, begin + LASTS.toNanos());
        var lasted = Duration.ofNanos(System.nanoTime() - begin);
        var admitted = statuses.stream().filter(status -> status == 200).count();
        System.out.printf("%s: %d of %d admitted in %s%n", role, admitted, statuses.size(), lasted);
        assertTrue(admitted <= holds + lasted.toMillis() / millisEach, admitted + " admitted in " + lasted);
        // Half of what comes back, for machines that pause.
        assertTrue(admitted >= holds + LASTS.toMillis() / millisEach / 2, admitted + " admitted in " + lasted);
        assertEquals(Set.of(200, 429), Set.copyOf(statuses));
    }

    private static List<Integer> askBoth(String key, long end) throws Exception {
        try (var threads = Executors.newFixedThreadPool(THREADS_EACH * instances.size())) {
            var asking = new ArrayList<Future<List<Integer>>>();
            for (var i = 0; i < THREADS_EACH; i++) {
                for (var instance : instances) {
                    asking.add(threads.submit(() -> ask(instance, key, end)));
                }
            }
            var statuses = new ArrayList<Integer>();
            for (var one : asking) {
                statuses.addAll(one.get());
            }
            return statuses;
        }
    }

    private static List<Integer> ask(Instance instance, String key, long end) throws Exception {
        var statuses = new ArrayList<Integer>();
        do {
            statuses.add(CALLER.call("GET", instance.base() + "/api/auth/v2/validate", key, "")
                    .statusCode());
        } while (System.nanoTime() < end);
        return statuses;
    }

    private static String newKey(String role) throws IOException, InterruptedException {
        return Caller.json(CALLER.call(
                        "POST",
                        instances.getFirst().base() + "/api/auth/v2/register",
                        admin,
                        "{\"name\":\"one bucket\",\"key_type\":\"" + role + "\"}"))
                .path("api_key")
                .asText();
    }
}
