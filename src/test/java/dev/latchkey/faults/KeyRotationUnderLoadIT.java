package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two processes sign and verify with the same keys, while these change. */
class KeyRotationUnderLoadIT {

    private static final Caller CALLER = new Caller();
    private static final int ROTATIONS = 20;
    private static final int WORKERS = 4;

    private static Instance one;
    private static Instance other;

    @BeforeAll
    static void start() {
        var settings = Map.of(
                "latchkey.jwt.publish-ahead", "0s",
                "latchkey.limits.session.per-minute", "1000000000",
                "latchkey.limits.session.per-hour", "1000000000",
                "latchkey.limits.session.per-day", "1000000000");
        one = Instance.start(settings);
        other = Instance.start(settings);
        one.awaitReady();
        other.awaitReady();
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @Test
    void noRequestFailsWhileKeysRotate() throws Exception {
        var admin = CALLER.logIn(one.base());
        var stop = new AtomicBoolean();
        var logins = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(WORKERS)) {
            var workers = new ArrayList<java.util.concurrent.Future<List<String>>>();
            for (var i = 0; i < WORKERS; i++) {
                workers.add(threads.submit(useAndLogIn(stop, logins, admin)));
            }
            for (var i = 0; i < ROTATIONS; i++) {
                rotate(i % 2 == 0 ? one : other, admin);
                Thread.sleep(250);
            }
            stop.set(true);
            for (var worker : workers) {
                assertEquals(List.of(), worker.get());
            }
        }
        assertTrue(logins.get() > ROTATIONS, "logins while keys rotated: " + logins);
    }

    @Test
    void whatAWithdrawnKeySignedIsRefusedHereAtOnceAndThereWithinASecond() throws Exception {
        rotate(one, CALLER.logIn(one.base()));
        var doomed = CALLER.logIn(one.base());
        var kid = currentKid(doomed);
        rotate(one, doomed);
        var admin = CALLER.logIn(one.base());
        for (var instance : List.of(one, other)) {
            assertEquals(200, me(instance, doomed));
        }
        assertEquals(
                200,
                CALLER.call("POST", one.base() + "/api/v1/signing-keys/" + kid + "/withdraw", admin, "")
                        .statusCode());
        assertEquals(401, me(one, doomed));
        Thread.sleep(1000);
        assertEquals(401, me(other, doomed));
        assertEquals(200, me(other, admin));
    }

    /** What failed. */
    private static Callable<List<String>> useAndLogIn(AtomicBoolean stop, AtomicInteger logins, String oldSession) {
        return () -> {
            var failures = new ArrayList<String>();
            while (!stop.get()) {
                var fresh = CALLER.logIn(one.base());
                logins.incrementAndGet();
                // Signed by one process a moment ago, verified by the other.
                for (var session : List.of(fresh, oldSession)) {
                    for (var instance : List.of(other, one)) {
                        var status = me(instance, session);
                        if (status != 200) {
                            failures.add(instance.base() + " answered " + status);
                        }
                    }
                }
            }
            return failures;
        };
    }

    private static int me(Instance instance, String session) throws Exception {
        return CALLER.call("GET", instance.base() + "/api/auth/me", session, "").statusCode();
    }

    private static void rotate(Instance instance, String admin) throws Exception {
        Caller.json(CALLER.call("POST", instance.base() + "/api/v1/signing-keys/rotate", admin, ""));
    }

    private static String currentKid(String admin) throws Exception {
        var keys = Caller.json(CALLER.call("GET", one.base() + "/api/v1/signing-keys", admin, ""));
        for (var key : keys.path("items")) {
            if (key.path("state").asText().equals("current")) {
                return key.path("kid").asText();
            }
        }
        throw new IllegalStateException(keys.toString());
    }
}
