package dev.latchkey.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever took a slot is told its lease, gives it back with it, and hears of it when that did not go well. */
class ReleaseTest {

    private static final String SECRET = "lk_live_secret";
    private static final String LEASE = "01a1fe79-0f60-7000-a1b2-c3d4e5f60718";

    private Peer peer;

    @BeforeEach
    void start() throws IOException {
        peer = new Peer();
    }

    @AfterEach
    void stop() {
        peer.close();
    }

    @Test
    void whoTookASlotIsToldItsLeaseAndWhoTookNoneNothing() {
        try (var client = client(Duration.ofSeconds(20), FailurePolicy.CLOSED)) {
            assertEquals(
                    Optional.empty(), client.verify(VerifyRequest.of(SECRET)).lease());
            answer("null");
            assertEquals(
                    Optional.empty(), client.verify(VerifyRequest.of(SECRET)).lease());
            answer("{\"id\":\"" + LEASE + "\",\"expires_at\":\"2030-01-31T12:00:30Z\"}");
            assertEquals(
                    Optional.of(new Verification.Lease(LEASE, Instant.parse("2030-01-31T12:00:30Z"))),
                    client.verify(VerifyRequest.of(SECRET)).lease());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"l\"",
                "{}",
                "{\"id\":\"l\"}",
                "{\"expires_at\":\"2030-01-31T12:00:30Z\"}",
                "{\"id\":7,\"expires_at\":\"2030-01-31T12:00:30Z\"}",
                "{\"id\":\"l\",\"expires_at\":\"soon\"}"
            })
    void aLeaseThatIsNotUnderstoodFails(String lease) {
        answer(lease);
        try (var client = client(Duration.ofSeconds(20), FailurePolicy.OPEN)) {
            assertThrows(LatchkeyException.class, () -> client.verify(VerifyRequest.of(SECRET)));
        }
    }

    @Test
    void aSlotIsGivenBackByItsTokenAndLeaseAndAgainDoesNoHarm() {
        try (var client = client(Duration.ofSeconds(20), FailurePolicy.CLOSED)) {
            client.release(SECRET, LEASE);
            client.releaseAsync(SECRET, LEASE).join();
            assertThrows(NullPointerException.class, () -> client.release(null, LEASE));
            assertThrows(NullPointerException.class, () -> client.releaseAsync(SECRET, null));
        }
        var sent = Map.of("token", SECRET, "lease", LEASE);
        assertEquals(List.of(sent, sent), peer.releases);
    }

    @Timeout(30)
    @ParameterizedTest
    @EnumSource(FailurePolicy.class)
    void aServiceThatIsAwayFailsWhateverThePolicyIs(FailurePolicy policy) {
        for (var status : List.of(500, 503, 429)) {
            peer.release = (exchange, body) -> Peer.send(exchange, status, "{\"code\":\"unavailable\"}");
            assertUnavailable(policy, Duration.ofSeconds(20));
        }
        peer.release = (exchange, body) -> Thread.sleep(60_000);
        assertUnavailable(policy, Duration.ofMillis(700));
        peer.close();
        assertUnavailable(policy, Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void aRefusalIsTold(int status) {
        peer.release = (exchange, body) -> Peer.send(exchange, status, "{\"code\":\"some_code\",\"detail\":\"Words\"}");
        try (var client = client(Duration.ofSeconds(20), FailurePolicy.OPEN)) {
            var refused = assertThrows(LatchkeyRefusedException.class, () -> client.release(SECRET, LEASE));
            assertEquals(status, refused.status());
            assertEquals("some_code", refused.code());
            var later = assertThrows(CompletionException.class, () -> client.releaseAsync(SECRET, LEASE)
                    .join());
            assertInstanceOf(LatchkeyRefusedException.class, later.getCause());
        }
    }

    @Test
    void whatIsNoAnswerOfTheServiceIsNotTakenForDone() {
        peer.release = (exchange, body) -> Peer.send(exchange, 200, "{}");
        try (var client = client(Duration.ofSeconds(20), FailurePolicy.OPEN)) {
            assertThrows(LatchkeyException.class, () -> client.release(SECRET, LEASE));
        }
    }

    private void assertUnavailable(FailurePolicy policy, Duration timeout) {
        try (var client = client(timeout, policy)) {
            var away = assertThrows(LatchkeyUnavailableException.class, () -> client.release(SECRET, LEASE));
            assertFalse(String.valueOf(away).contains(SECRET));
        }
    }

    private void answer(String lease) {
        peer.verify = (exchange, body) ->
                Peer.send(exchange, 200, "{\"valid\":true,\"code\":\"VALID\",\"lease\":" + lease + "}");
    }

    private LatchkeyClient client(Duration timeout, FailurePolicy policy) {
        return peer.client()
                .withoutCache()
                .timeout(timeout)
                .failurePolicy(policy)
                .build();
    }
}
