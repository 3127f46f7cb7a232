package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.local.StoppableServices;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** JWT API keys on two instances, while Redis forgets all that it has, signing keys rotate, and keys are refreshed. */
class ApiKeysUnderFireIT {

    private static final Caller CALLER = new Caller();
    private static final int KEYS = 8;
    private static final int ROTATIONS = 10;

    /** @param text of the key */
    private record Key(String id, String text) {}

    private static StoppableServices services;
    private static List<Instance> instances;
    private static String admin;
    private static List<Key> valid;
    private static List<Key> revoked;

    @BeforeAll
    static void start() throws Exception {
        services = StoppableServices.start();
        var settings = new HashMap<>(services.settings());
        settings.put("latchkey.jwt.publish-ahead", "0s");
        settings.put("latchkey.limits.timeout", "10s");
        settings.put("latchkey.redis.timeout", "10s");
        settings.put("latchkey.limits.signatures-per-minute", "1000000");
        settings.put("latchkey.limits.anonymous.per-minute", "1000000");
        settings.put("latchkey.limits.anonymous.per-hour", "1000000");
        instances = List.of(Instance.start(settings), Instance.start(settings));
        instances.forEach(Instance::awaitReady);
        admin = CALLER.logIn(base(0));
        valid = newKeys();
        revoked = newKeys();
        for (var key : revoked) {
            assertEquals(
                    200,
                    CALLER.call("POST", base(0) + "/api/auth/v2/revoke", key.text(), "")
                            .statusCode());
        }
    }

    @AfterAll
    static void stop() {
        instances.forEach(Instance::close);
        services.close();
    }

    @Test
    void noAnswerIsWrongWhenRedisForgetsEverythingAndItFillsUpAgain() throws Exception {
        try (var load = new Load()) {
            Thread.sleep(1000);
            services.emptyRedis();
            Thread.sleep(2000);
            services.emptyRedis();
            Thread.sleep(1000);
            load.assertNoneWasWrong();
        }
        // What is asked for is loaded anew every 10 to 20 s.
        Eventually.within(40, ApiKeysUnderFireIT::assertAllAreShownAgain);
    }

    private static void assertAllAreShownAgain() {
        for (var key : valid) {
            assertEquals(200, validate(0, key));
        }
        assertEquals(KEYS, services.redisKeys("api_key:*").size());
    }

    @Test
    void noValidationFailsWhileSigningKeysRotate() throws Exception {
        try (var load = new Load()) {
            for (var i = 0; i < ROTATIONS; i++) {
                Caller.json(CALLER.call("POST", base(i % 2) + "/api/v1/signing-keys/rotate", admin, ""));
                var fresh = newKey();
                assertEquals(200, validate((i + 1) % 2, fresh));
                assertEquals(
                        200,
                        CALLER.call("POST", base(0) + "/api/auth/v2/revoke", fresh.text(), "")
                                .statusCode());
            }
            load.assertNoneWasWrong();
        }
    }

    @Test
    void aKeyThatIsRefreshedHereIsRefusedThereWithinASecond() throws Exception {
        for (var i = 0; i < 10; i++) {
            var key = newKey();
            endsSoon(key);
            assertEquals(200, validate(0, key));
            assertEquals(200, validate(1, key));
            var successor = Caller.json(CALLER.call(
                    "POST", base(0) + "/api/auth/v2/refresh", "", "{\"current_key\":\"" + key.text() + "\"}"));
            assertEquals(401, validate(0, key));
            Thread.sleep(1000);
            assertEquals(401, validate(1, key));
            var next = new Key("", successor.path("api_key").asText());
            assertEquals(200, validate(1, next));
            assertEquals(
                    200,
                    CALLER.call("POST", base(0) + "/api/auth/v2/revoke", next.text(), "")
                            .statusCode());
        }
    }

    @Test
    void theKeysThatDieByAWithdrawnSigningKeyAreCountedAndRefusedEverywhere() throws Exception {
        Caller.json(CALLER.call("POST", base(0) + "/api/v1/signing-keys/rotate", admin, ""));
        var doomed = List.of(newKey(), newKey());
        Caller.json(CALLER.call("POST", base(0) + "/api/v1/signing-keys/rotate", admin, ""));
        for (var key : doomed) {
            assertEquals(200, validate(1, key));
        }
        var kid = rows("select kid from api_keys where key_id = '"
                        + doomed.getFirst().id() + "'")
                .getFirst();
        var answer = Caller.json(
                CALLER.call("POST", base(0) + "/api/v1/signing-keys/" + kid + "/withdraw", CALLER.logIn(base(0)), ""));
        assertEquals(2, answer.path("signed").path("api_keys").asInt(), answer.toString());
        for (var key : doomed) {
            assertEquals(401, validate(0, key));
        }
        Thread.sleep(1000);
        for (var key : doomed) {
            assertEquals(401, validate(1, key));
        }
        admin = CALLER.logIn(base(0));
    }

    /** Asks both instances about valid and revoked keys until it is closed. */
    private static final class Load implements AutoCloseable {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicInteger asked = new AtomicInteger();
        private final ExecutorService threads = Executors.newFixedThreadPool(2);
        private final List<Future<List<String>>> wrong = new ArrayList<>();

        private Load() {
            for (var i = 0; i < 2; i++) {
                var instance = i;
                wrong.add(threads.submit(() -> ask(instance)));
            }
        }

        private List<String> ask(int instance) throws Exception {
            var wrongAnswers = new ArrayList<String>();
            while (!stop.get()) {
                for (var key : valid) {
                    expect(200, instance, key, wrongAnswers);
                }
                for (var key : revoked) {
                    expect(401, instance, key, wrongAnswers);
                }
                asked.incrementAndGet();
            }
            return wrongAnswers;
        }

        private static void expect(int status, int instance, Key key, List<String> wrong) throws Exception {
            var answered = validate(instance, key);
            if (answered != status) {
                wrong.add(answered + " instead of " + status + " for " + key.id());
            }
        }

        private void assertNoneWasWrong() throws Exception {
            stop.set(true);
            for (var answers : wrong) {
                assertEquals(List.of(), answers.get());
            }
            assertTrue(asked.get() > 4, "rounds of questions: " + asked);
        }

        @Override
        public void close() {
            stop.set(true);
            threads.close();
        }
    }

    private static List<Key> newKeys() throws Exception {
        var keys = new ArrayList<Key>();
        for (var i = 0; i < KEYS; i++) {
            keys.add(newKey());
        }
        return keys;
    }

    // Of a role without a limit.
    private static Key newKey() throws Exception {
        var key = Caller.json(CALLER.call(
                "POST", base(0) + "/api/auth/v2/register", admin, "{\"name\":\"under fire\",\"key_type\":\"admin\"}"));
        return new Key(key.path("key_id").asText(), key.path("api_key").asText());
    }

    private static void endsSoon(Key key) throws SQLException {
        try (var connection = services.database().getConnection();
                var statement = connection.prepareStatement(
                        "update api_keys set expires_at = now() + interval '1 hour' where key_id = ?")) {
            statement.setString(1, key.id());
            statement.executeUpdate();
        }
    }

    private static List<String> rows(String sql) throws SQLException {
        var rows = new ArrayList<String>();
        try (var connection = services.database().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private static int validate(int instance, Key key) {
        try {
            return CALLER.call("GET", base(instance) + "/api/auth/v2/validate", key.text(), "")
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base(int instance) {
        return instances.get(instance).base();
    }
}
