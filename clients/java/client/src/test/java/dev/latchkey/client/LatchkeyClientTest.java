package dev.latchkey.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions and answers go over the wire as the contract says, and whatever fault there is, nobody is let in by it. */
class LatchkeyClientTest {

    private static final String SECRET = "lk_live_secret";

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
    void asksWithAllFieldsAndReadsAllFields() {
        peer.verify = (exchange, body) -> Peer.send(exchange, 200, """
                {"valid":false,"code":"RATE_LIMITED","kind":"api_token","key_id":"k","tenant_id":"t","owner":"o","role":"basic","scopes":["a:b"],
                 "expires_at":"2030-01-31T12:00:00.5Z","metadata":{"x":null},"credits":{"remaining":3,"refill":{"amount":5,"interval":"daily"}},
                 "rate_limits":[{"name":"minute","limit":60,"remaining":0,"reset":42,"new":1}],"violated_policies":["minute"],"retry_after":42,
                 "lease":{"id":"l","expires_at":"2030-01-31T12:00:30Z","new":1},"new":[]}""");
        try (var client = plain()) {
            var answer = client.verify(VerifyRequest.of(SECRET)
                    .withPermissions("a:b OR c:d")
                    .withCost(3)
                    .withTags("eu")
                    .withIp("192.0.2.7")
                    .withResource("GET /x/{id}"));
            var metadata = new java.util.HashMap<String, Object>();
            metadata.put("x", null);
            assertEquals(
                    new Verification(
                            false,
                            Verification.Code.RATE_LIMITED,
                            Optional.of("api_token"),
                            Optional.of("k"),
                            Optional.of("t"),
                            Optional.of("o"),
                            Optional.of("basic"),
                            List.of("a:b"),
                            Optional.of(Instant.parse("2030-01-31T12:00:00.5Z")),
                            metadata,
                            Optional.of(new Verification.Credits(3, Map.of("amount", 5L, "interval", "daily"))),
                            List.of(new Verification.RateLimit("minute", 60, 0, 42)),
                            List.of("minute"),
                            OptionalLong.of(42),
                            Optional.of(new Verification.Lease("l", Instant.parse("2030-01-31T12:00:30Z")))),
                    answer);
        }
        assertEquals(
                Map.of(
                        "token",
                        SECRET,
                        "permissions",
                        "a:b OR c:d",
                        "cost",
                        3L,
                        "tags",
                        List.of("eu"),
                        "ip",
                        "192.0.2.7",
                        "resource",
                        "GET /x/{id}"),
                peer.questions.get(0));
    }

    @Test
    void aBatchIsAnsweredInItsOrder() {
        peer.verify = (exchange, body) ->
                Peer.send(exchange, 200, "{\"items\":[" + Peer.VALID + ",{\"valid\":false,\"code\":\"REVOKED\"}]}");
        try (var client = plain()) {
            var answers = client.verifyBatch(
                    List.of(VerifyRequest.of("a"), VerifyRequest.of("b").withScopes("x:y")));
            assertEquals(
                    List.of(Verification.Code.VALID, Verification.Code.REVOKED),
                    answers.stream().map(Verification::code).toList());
            assertThrows(LatchkeyException.class, () -> client.verifyBatch(List.of(VerifyRequest.of("a"))));
            assertThrows(IllegalArgumentException.class, () -> client.verifyBatch(List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "null",
                "{}",
                "{\"valid\":true}",
                "{\"valid\":true,\"code\":\"REVOKED\"}",
                "{\"valid\":false,\"code\":\"VALID\"}",
                "{\"valid\":\"true\",\"code\":\"VALID\"}",
                "{\"valid\":true,\"code\":\"SOMETHING_NEW\"}",
                "{\"valid\":true,\"code\":\"UNVERIFIED\"}",
                "{\"valid\":true,\"code\":\"VALID\",\"valid\":true}",
                "{\"valid\":true,\"code\":\"VALID\",\"scopes\":\"a\"}",
                "{\"valid\":true,\"code\":\"VALID\",\"expires_at\":\"tomorrow\"}",
                "{\"valid\":true,\"code\":\"VALID\",\"rate_limits\":[{}]}"
            })
    void anAnswerThatIsNotUnderstoodFailsWhateverThePolicyIs(String body) {
        peer.verify = (exchange, question) -> Peer.send(exchange, 200, body);
        try (var client =
                peer.client().withoutCache().failurePolicy(FailurePolicy.OPEN).build()) {
            assertThrows(LatchkeyException.class, () -> client.verify(VerifyRequest.of(SECRET)));
        }
    }

    @Timeout(30)
    @ParameterizedTest
    @ValueSource(
            strings = {"500", "503", "429", "cut", "cut in the body", "slow", "slow in the body", "endless", "closed"})
    void aServiceThatIsAwayFailsOrLetsInAsThePolicySays(String fault) {
        peer.verify = (exchange, body) -> play(fault, exchange);
        if (fault.equals("closed")) {
            peer.close();
        }
        try (var closed = impatient(FailurePolicy.CLOSED);
                var open = impatient(FailurePolicy.OPEN)) {
            var failure =
                    assertThrows(LatchkeyUnavailableException.class, () -> closed.verify(VerifyRequest.of(SECRET)));
            assertFalse(String.valueOf(failure).contains(SECRET));
            assertEquals(
                    Verification.Code.UNVERIFIED,
                    open.verify(VerifyRequest.of(SECRET)).code());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422})
    void aRefusalOfTheQuestionFailsWhateverThePolicyIs(int status) {
        peer.verify = (exchange, body) -> Peer.send(
                exchange, status, "{\"code\":\"some_code\",\"detail\":\"Some words\",\"status\":" + status + "}");
        try (var client = patient(FailurePolicy.OPEN)) {
            var refused = assertThrows(LatchkeyRefusedException.class, () -> client.verify(VerifyRequest.of(SECRET)));
            assertEquals(status, refused.status());
            assertEquals("some_code", refused.code());
            var later = assertThrows(ExecutionException.class, () -> client.verifyAsync(VerifyRequest.of(SECRET))
                    .get());
            assertTrue(later.getCause() instanceof LatchkeyRefusedException);
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        peer.verify = (exchange, body) -> {
            exchange.getResponseHeaders().add("Location", peer.base() + "/elsewhere");
            Peer.send(exchange, 307, "");
        };
        try (var client = patient(FailurePolicy.OPEN)) {
            assertThrows(LatchkeyException.class, () -> client.verify(VerifyRequest.of(SECRET)));
        }
        assertEquals(1, peer.questions.size());
    }

    @Test
    void badSettingsAreRefused() {
        for (var base :
                List.of("ftp://x", "latchkey", "https://user:word@host", "https://host?x=1", "https://host#x")) {
            assertThrows(IllegalArgumentException.class, () -> LatchkeyClient.builder(base, "t"), base);
        }
        assertThrows(IllegalArgumentException.class, () -> LatchkeyClient.builder("https://host", " "));
        var builder = LatchkeyClient.builder("http://192.0.2.1", "t");
        assertThrows(IllegalStateException.class, builder::build);
        assertThrows(IllegalArgumentException.class, () -> builder.timeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.connectTimeout(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.cacheMaxAge(Duration.ofMinutes(2)));
        assertThrows(IllegalArgumentException.class, () -> builder.cacheEntriesMax(0));
        assertThrows(IllegalArgumentException.class, () -> VerifyRequest.of("t").withCost(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> VerifyRequest.of("t").withScopes("a:b").withPermissions("a:b"));
    }

    @Test
    void noTextOfOursHoldsASecret() {
        var request = VerifyRequest.of(SECRET).withScopes("a:b");
        assertFalse(request.toString().contains(SECRET));
        assertFalse(Asked.of(request, null, false).toString().contains(SECRET));
        assertFalse(Question.of(request).toString().contains(SECRET));
        assertFalse(LatchkeyClient.builder("https://host", SECRET).toString().contains(SECRET));
    }

    private LatchkeyClient plain() {
        return peer.client().withoutCache().timeout(Duration.ofSeconds(20)).build();
    }

    private LatchkeyClient patient(FailurePolicy policy) {
        return peer.client()
                .withoutCache()
                .timeout(Duration.ofSeconds(20))
                .failurePolicy(policy)
                .build();
    }

    private LatchkeyClient impatient(FailurePolicy policy) {
        return peer.client()
                .withoutCache()
                .timeout(Duration.ofMillis(700))
                .failurePolicy(policy)
                .build();
    }

    private static void play(String fault, com.sun.net.httpserver.HttpExchange exchange)
            throws IOException, InterruptedException {
        switch (fault) {
            case "cut" -> exchange.close();
            case "slow" -> Thread.sleep(60_000);
            case "cut in the body", "slow in the body" -> {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write("{\"valid\":true,".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                Thread.sleep(fault.startsWith("slow") ? 60_000 : 0);
            }
            case "endless" -> {
                exchange.sendResponseHeaders(200, 0);
                while (true) {
                    exchange.getResponseBody().write(new byte[65_536]);
                }
            }
            default -> Peer.send(exchange, Integer.parseInt(fault), "<html>Bad gateway</html>");
        }
    }
}
