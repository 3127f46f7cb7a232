package dev.latchkey.api;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that keeps answers learns over HTTP which of them to forget. */
@QuarkusTest
class ChangesTest {

    private static final String PATH = "/api/v1/verify/changes";

    @Test
    void aRevocationAnswersWhoeverWaits() throws Exception {
        var user = newUser();
        var created = newToken(user, Map.of("name", "to be revoked", "scopes", List.of("read:audits")));
        var gateway = newToken(user, "verify:tokens");
        var epoch = present(gateway);
        var waiting = CompletableFuture.supplyAsync(() -> follow(gateway, epoch, name(created.path("token"))));
        user.calls().delete("/api/v1/tokens/" + created.path("id")).then().statusCode(204);
        var told = waiting.get(30, TimeUnit.SECONDS);
        told.then().body("reset", equalTo(false)).body("changed", hasItem(name(created.path("token"))));
        assertTrue(told.<Number>path("epoch").longValue() > epoch);
    }

    @Test
    void anotherTenantIsNotTold() {
        var user = newUser();
        var gateway = newToken(user, "verify:tokens");
        var stranger = newToken(newUser(), "verify:tokens");
        var text = newToken(user, "read:audits");
        var epoch = present(gateway);
        var strangersEpoch = present(stranger);
        as(text).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        var told = follow(gateway, epoch, name(text)).<Number>path("epoch").longValue();
        // It has come as far as the one that was told.
        for (var at = strangersEpoch; at < told; ) {
            var answer = poll(stranger, at, 1);
            answer.then().body("reset", equalTo(false)).body("changed", hasSize(0));
            at = answer.<Number>path("epoch").longValue();
        }
    }

    @Test
    void whoeverFollowsOnIsToldNothingTwice() {
        var user = newUser();
        var gateway = newToken(user, "verify:tokens");
        var text = newToken(user, "read:audits");
        var epoch = present(gateway);
        as(text).post("/api/v1/tokens/me/revoke").then().statusCode(204);
        var told = follow(gateway, epoch, name(text));
        var next = told.<Number>path("epoch").longValue();
        var later = poll(gateway, next, 0);
        assertTrue(later.<List<String>>path("changed").stream().noneMatch(name(text)::equals), later.asString());
    }

    @Test
    void anEpochOfAnotherTimeResets() {
        var gateway = newToken(newUser(), "verify:tokens");
        poll(gateway, 999_999_999_999_999_999L, 0)
                .then()
                .body("reset", equalTo(true))
                .body("changed", hasSize(0));
    }

    @ParameterizedTest
    @CsvSource({
        "after, -1",
        "after, x",
        "after, 1.5",
        "after, ''",
        "after, 1234567890123456789",
        "after, 9999999999999999999999",
        "wait_seconds, -1",
        "wait_seconds, 31",
        "wait_seconds, x",
        "wait_seconds, ''",
        "wait_seconds, 1.5",
        "wait_seconds, 100"
    })
    void aBadParameterIsNamed(String name, String value) {
        var user = newUser();
        user.calls()
                .queryParam(name, value)
                .get(PATH)
                .then()
                .statusCode(422)
                .body("code", equalTo("validation_failed"))
                .body("errors[0].field", equalTo(name));
    }

    @Test
    void whoeverLeavesHoldsNoPlace() throws Exception {
        var gateway = newToken(newUser(), "verify:tokens");
        var epoch = present(gateway);
        try (var caller = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            for (var tries = 0; waiting() < 1; tries++) {
                assertTrue(tries < 50, "it never waited");
                caller.getOutputStream()
                        .write(("GET " + PATH + "?wait_seconds=30&after=" + epoch + " HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Authorization: Bearer " + gateway + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                Thread.sleep(200);
            }
        }
        Eventually.within(10, () -> assertEquals(0, waiting()));
    }

    @Test
    void aWaitIsNoSpentLimit() {
        var user = newUser();
        var gateway = newToken(
                        user,
                        Map.of(
                                "name",
                                "gateway",
                                "scopes",
                                List.of("verify:tokens"),
                                "rate_limits",
                                Map.of("per_minute", 1)))
                .<String>path("token");
        for (var i = 0; i < 3; i++) {
            present(gateway);
        }
    }

    // Other tests change other credentials meanwhile.
    private static Response follow(String gateway, long after, String name) {
        for (var polls = 0; polls < 50; polls++) {
            var answer = poll(gateway, after, 20);
            assertEquals(false, answer.path("reset"), answer.asString());
            if (answer.<List<String>>path("changed").contains(name)) {
                return answer;
            }
            after = answer.<Number>path("epoch").longValue();
        }
        throw new AssertionError("It was never told");
    }

    private static Response poll(String gateway, long after, int waitSeconds) {
        var answer = as(gateway)
                .queryParam("after", after)
                .queryParam("wait_seconds", waitSeconds)
                .get(PATH);
        answer.then().statusCode(200);
        return answer;
    }

    private static long present(String gateway) {
        var answer = as(gateway).get(PATH);
        answer.then().statusCode(200).body("reset", equalTo(false)).body("changed", hasSize(0));
        return answer.<Number>path("epoch").longValue();
    }

    private static double waiting() {
        return Metrics.globalRegistry.get("latchkey_changes_waiting").gauge().value();
    }

    private static String name(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 12));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
