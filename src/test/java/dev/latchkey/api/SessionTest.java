package dev.latchkey.api;

import static dev.latchkey.api.Api.PASSWORD;
import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.logIn;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sessions: how they go on, and that what ends one ends it at once. */
@QuarkusTest
class SessionTest {

    @Test
    void aRefreshTokenIsReplacedAndTheOldAccessTokenGoesOn() {
        var user = newUser();
        var refreshed = refresh(user.refreshToken());
        refreshed
                .then()
                .statusCode(200)
                .body("refresh_token", not(equalTo(user.refreshToken())))
                .body("access_token", not(equalTo(user.accessToken())))
                .body("token_type", equalTo("bearer"))
                .body("user.id", equalTo(user.id()));
        assertWorks(user.accessToken());
        assertWorks(refreshed.path("access_token"));
        refresh(refreshed.path("refresh_token")).then().statusCode(200);
    }

    @Test
    void aSecondUseOfARefreshTokenEndsItsWholeFamilyAtOnceAndNoOtherSession() {
        var user = newUser();
        var elsewhere = logIn(user.username(), PASSWORD);
        var first = refresh(user.refreshToken());
        var second = refresh(first.path("refresh_token"));
        assertWorks(second.path("access_token"));

        Refusals.problem("reuse", refresh(user.refreshToken()), 401, "refresh_reused");

        for (String token :
                List.of(user.accessToken(), first.<String>path("access_token"), second.<String>path("access_token"))) {
            assertRefused(token, "revoked_token");
        }
        refresh(second.path("refresh_token")).then().statusCode(401).body("code", equalTo("revoked_token"));
        assertWorks(elsewhere.accessToken());
        refresh(elsewhere.refreshToken()).then().statusCode(200);
    }

    @Test
    void ofManyWhoRefreshWithOneTokenOneGetsASessionAndThenNobodyHasIt() {
        var user = newUser();
        var answers = Together.run(8, number -> refresh(user.refreshToken()));
        var granted =
                answers.stream().filter(answer -> answer.statusCode() == 200).toList();
        var reused = answers.stream()
                .filter(answer -> answer.statusCode() == 401 && "refresh_reused".equals(answer.path("code")))
                .toList();
        assertEquals(1, granted.size());
        assertEquals(7, reused.size());
        assertRefused(granted.getFirst().path("access_token"), "revoked_token");
        refresh(granted.getFirst().path("refresh_token")).then().statusCode(401);
    }

    @Test
    void aRefreshTokenIsNoAccessTokenAndTheOtherWayRound() {
        var user = newUser();
        assertRefused(user.refreshToken(), "invalid_token");
        refresh(user.accessToken()).then().statusCode(422);
        refresh(user.accessToken().substring(0, 200)).then().statusCode(401).body("code", equalTo("invalid_token"));
    }

    @Test
    void aRefreshTokenThatWaitedTooLongHasExpired() {
        var user = newUser();
        Tables.change(
                "update sessions set expires_at = now() - interval '1 second' where user_id = ?::uuid", user.id());
        refresh(user.refreshToken()).then().statusCode(401).body("code", equalTo("expired_token"));
    }

    @Test
    void noSessionIsRefreshedForEver() {
        var user = newUser();
        Tables.change("update sessions set created_at = now() - interval '89 days' where user_id = ?::uuid", user.id());
        refresh(user.refreshToken()).then().statusCode(200);
        assertEquals(
                "t",
                Tables.value("select expires_at = created_at + interval '90 days' from sessions where user_id = '"
                        + user.id() + "'"));
    }

    @Test
    void loggingOutEndsTheSessionAtOnceAndNoOther() {
        var user = newUser();
        var elsewhere = logIn(user.username(), PASSWORD);
        assertWorks(user.accessToken());

        logout(user.refreshToken()).then().statusCode(204);

        assertRefused(user.accessToken(), "revoked_token");
        refresh(user.refreshToken()).then().statusCode(401).body("code", equalTo("revoked_token"));
        logout(user.refreshToken()).then().statusCode(204);
        assertWorks(elsewhere.accessToken());
    }

    @Test
    void aChangeOfPasswordEndsEveryOtherSessionAtOnceAndKeepsThisOne() {
        var user = newUser();
        var elsewhere = logIn(user.username(), PASSWORD);
        assertWorks(elsewhere.accessToken());
        var replacement = "another-long-enough-Password";

        change(user, "not-the-password", replacement)
                .then()
                .statusCode(401)
                .body("code", equalTo("invalid_credentials"));
        assertWorks(elsewhere.accessToken());
        change(user, PASSWORD, replacement).then().statusCode(204);

        assertRefused(elsewhere.accessToken(), "revoked_token");
        refresh(elsewhere.refreshToken()).then().statusCode(401).body("code", equalTo("revoked_token"));
        assertWorks(user.accessToken());
        refresh(user.refreshToken()).then().statusCode(200);
        logIn(user.username(), replacement);
        anonymous()
                .body(Map.of("username", user.username(), "password", PASSWORD))
                .post("/api/auth/login")
                .then()
                .statusCode(401);
    }

    @Test
    void noTextOfASessionIsInTheDatabase() {
        var user = newUser();
        assertEquals(List.of(), Tables.thatHold(user.refreshToken()));
        assertEquals(List.of(), Tables.thatHold(user.refreshToken().substring(4)));
        assertEquals(List.of(), Tables.thatHold(user.accessToken()));
    }

    private static Response refresh(String token) {
        return anonymous().body(Map.of("refresh_token", token)).post("/api/auth/refresh");
    }

    private static Response logout(String token) {
        return anonymous().body(Map.of("refresh_token", token)).post("/api/auth/logout");
    }

    private static Response change(Someone user, String current, String replacement) {
        return user.calls()
                .body(Map.of("current_password", current, "new_password", replacement))
                .post("/api/auth/password");
    }

    private static void assertWorks(String accessToken) {
        as(accessToken).get("/api/auth/me").then().statusCode(200);
    }

    private static void assertRefused(String accessToken, String code) {
        var answer = as(accessToken).get("/api/auth/me");
        Refusals.problem("a session that has ended", answer, 401, code);
    }
}
