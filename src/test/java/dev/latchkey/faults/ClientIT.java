package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Instance;
import dev.latchkey.client.LatchkeyClient;
import dev.latchkey.client.LatchkeyRefusedException;
import dev.latchkey.client.LatchkeyUnavailableException;
import dev.latchkey.client.Verification;
import dev.latchkey.client.VerifyRequest;
import dev.latchkey.faults.Caller.Token;
import dev.latchkey.local.TestServices;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Java client's cache over two instances of the service: no revoked token is let in, whatever is cut. */
class ClientIT {

    private static final Caller CALLER = new Caller();
    private static final Duration LONG = Duration.ofSeconds(60);

    private static Instance one;
    private static Instance other;
    private static CuttableLine toRedisOfOne;
    private static String session;
    private static String gateway;

    @BeforeAll
    static void start() throws Exception {
        var redis = URI.create(TestServices.redis());
        toRedisOfOne = CuttableLine.to(redis.getPort());
        var settings = new HashMap<>(Map.of("latchkey.limits.session.per-minute", "1000000000"));
        other = Instance.start(settings);
        settings.put("quarkus.redis.hosts", "redis://" + redis.getUserInfo() + "@127.0.0.1:" + toRedisOfOne.port());
        one = Instance.start(settings);
        one.awaitReady();
        other.awaitReady();
        session = CALLER.logIn(one.base());
        gateway = newToken("\"verify:tokens\"", 1000).text();
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        toRedisOfOne.close();
    }

    @Test
    void aTokenThatAnotherInstanceRevokedIsRefusedAfterASecondAndForGood() throws Exception {
        try (var client = cachingClient(one.base())) {
            for (var i = 0; i < 10; i++) {
                var token = newToken("\"read:audits\"", 1_000_000);
                awaitKept(client, token);
                assertEquals(204, CALLER.revoke(other.base(), session, token));
                Thread.sleep(1000);
                for (var uses = 0; uses < 20; uses++) {
                    assertEquals(
                            Verification.Code.REVOKED,
                            client.verify(question(token)).code());
                }
            }
        }
    }

    @Test
    void aChangeOfScopesIsHeardToo() throws Exception {
        try (var client = cachingClient(one.base())) {
            var token = newToken("\"read:audits\"", 1_000_000);
            var request = question(token).withScopes("read:audits");
            assertTrue(client.verify(request).valid());
            CALLER.call(
                    "PATCH", one.base() + "/api/v1/tokens/" + token.id(), session, "{\"scopes\":[\"read:reports\"]}");
            until(() -> client.verify(request).code() == Verification.Code.INSUFFICIENT_SCOPE);
        }
    }

    @Test
    void withoutRedisTheCacheIsBypassedAndARevocationHolds() throws Exception {
        try (var client = cachingClient(one.base())) {
            var token = newToken("\"read:audits\"", 1_000_000);
            awaitKept(client, token);
            toRedisOfOne.silence(true);
            try {
                until(() -> !client.isCacheLive());
                assertEquals(204, CALLER.revoke(other.base(), session, token));
                Thread.sleep(1000);
                assertEquals(
                        Verification.Code.REVOKED,
                        client.verify(question(token)).code());
                assertFalse(client.isCacheLive());
            } finally {
                toRedisOfOne.silence(false);
            }
            until(client::isCacheLive);
        }
    }

    @Test
    void whoseLineToTheServiceIsDeadLetsNobodyInFromMemory() throws Exception {
        try (var line = CuttableLine.to(URI.create(one.base()).getPort());
                var client = cachingClient("http://127.0.0.1:" + line.port())) {
            var token = newToken("\"read:audits\"", 1_000_000);
            awaitKept(client, token);
            line.silence(true);
            until(() -> !client.isCacheLive());
            assertThrows(LatchkeyUnavailableException.class, () -> client.verify(question(token)));
            assertEquals(204, CALLER.revoke(other.base(), session, token));
            line.silence(false);
            until(client::isCacheLive);
            assertEquals(
                    Verification.Code.REVOKED, client.verify(question(token)).code());
        }
    }

    @Test
    void usesOfAKeptAnswerAreTakenFromTheLimitWithTheNextQuestion() throws Exception {
        try (var client = cachingClient(one.base())) {
            var token = newToken("\"read:audits\"", 1000);
            for (var i = 0; i < 100; i++) {
                assertTrue(client.verify(question(token)).valid());
            }
            CALLER.call("PATCH", one.base() + "/api/v1/tokens/" + token.id(), session, "{\"name\":\"renamed\"}");
            var uses = 100L;
            // Kept again a second after the change, and told to charge what came before.
            while (remaining(client.verify(question(token).withCost(0))) > 1000 - 100) {
                assertTrue(uses < 200, "uses of a kept answer were never charged");
                client.verify(question(token));
                uses++;
                Thread.sleep(50);
            }
            assertEquals(1000 - uses, remaining(client.verify(question(token).withCost(0))));
        }
    }

    @Test
    void aSlotThatOneInstanceGaveIsFreeAgainWhenItsLeaseIsGivenBackToAnother() throws Exception {
        try (var client = LatchkeyClient.builder(one.base(), gateway).build();
                var elsewhere = LatchkeyClient.builder(other.base(), gateway).build()) {
            var token =
                    newToken("\"read:audits\"", "1000,\"concurrent_requests\":{\"limit\":1,\"lease_seconds\":3600}");
            var lease = client.verify(question(token)).lease().orElseThrow();
            client.release(token.text(), UUID.randomUUID().toString());
            assertFalse(elsewhere.verify(question(token)).valid());
            elsewhere.release(token.text(), lease.id());
            client.release(token.text(), lease.id());
            assertTrue(client.verify(question(token)).lease().isPresent());
            assertFalse(elsewhere.verify(question(token)).valid());
            assertThrows(LatchkeyRefusedException.class, () -> client.release(token.text(), "no lease"));
        }
    }

    @Test
    void aWaitDoesNotHoldUpTheEndOfAnInstance() throws Exception {
        try (var instance = Instance.start(Map.of()).awaitReady()) {
            var path = instance.base() + "/api/v1/verify/changes";
            var epoch = Caller.json(CALLER.call("GET", path, gateway, ""))
                    .path("epoch")
                    .asLong();
            var waiting = CompletableFuture.supplyAsync(() -> status(path + "?wait_seconds=30&after=" + epoch));
            Thread.sleep(500);
            assertFalse(waiting.isDone());
            instance.close();
            assertEquals(503, waiting.get(10, TimeUnit.SECONDS));
        }
    }

    private static LatchkeyClient cachingClient(String base) throws InterruptedException {
        var client = LatchkeyClient.builder(base, gateway)
                .cacheMaxAge(LONG)
                .timeout(Duration.ofSeconds(10))
                .build();
        until(client::isCacheLive);
        // What is asked in the first second is not kept.
        Thread.sleep(1100);
        return client;
    }

    /** Until an answer is kept: a use that the service did not hear of. */
    private static void awaitKept(LatchkeyClient client, Token token) {
        until(() -> {
            client.verify(question(token));
            var before = remaining(client.verify(question(token).withCost(0)));
            assertTrue(client.verify(question(token)).valid());
            return remaining(client.verify(question(token).withCost(0))) == before;
        });
    }

    private static VerifyRequest question(Token token) {
        return VerifyRequest.of(token.text());
    }

    private static long remaining(Verification answer) {
        return answer.rateLimits().stream()
                .filter(limit -> limit.name().equals("hour"))
                .findFirst()
                .orElseThrow()
                .remaining();
    }

    private static Token newToken(String scopes, Object limit) throws Exception {
        var body = """
                {"name":"client","scopes":[%s],"rate_limits":{"per_minute":1000000,"per_hour":%s,"per_day":1000000}}""".formatted(scopes, limit);
        var created = Caller.json(CALLER.call("POST", one.base() + "/api/v1/tokens", session, body));
        return new Token(created.path("id").asText(), created.path("token").asText());
    }

    private static int status(String url) {
        try {
            return CALLER.call("GET", url, gateway, "").statusCode();
        } catch (java.io.IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not come about in time");
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
