package dev.latchkey.api;

import static dev.latchkey.api.Api.PASSWORD;
import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.logIn;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.Api.uniqueName;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logging in: for whom it works, and that a guesser learns nothing. */
@QuarkusTest
class LoginTest {

    @Test
    void aUserLogsInByNameOrAddressWhateverTheCase() {
        var user = newUser();
        var name = user.username();
        for (var login :
                new String[] {name, name.toUpperCase(Locale.ROOT), name + "@example.test", name + "@EXAMPLE.test"}) {
            attempt(login, PASSWORD)
                    .then()
                    .statusCode(200)
                    .header("Cache-Control", "no-store")
                    .body("token_type", equalTo("bearer"))
                    .body("expires_in", equalTo(1800))
                    .body("access_token", matchesPattern("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+"))
                    .body("refresh_token", matchesPattern("lkr_[\\w-]{43}"))
                    .body("user.id", equalTo(user.id()))
                    .body("user.password_hash", nullValue());
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreToldByTheSameBytesAfterTheSameWork() {
        var user = newUser();
        var disabled = newUser();
        Api.admin().calls().body(Map.of("disabled", true)).patch("/api/v1/users/" + disabled.id());
        var wrong = costed(user.username(), "not-the-password");
        assertEquals(401, wrong.answer.statusCode());
        assertEquals("invalid_credentials", wrong.answer.path("code"));
        assertEquals(1, wrong.passwordChecks);
        for (var attempt : new Costed[] {
            costed(uniqueName(), "not-the-password"),
            costed(uniqueName() + "@example.test", PASSWORD),
            costed(disabled.username(), PASSWORD),
            costed(disabled.username(), "not-the-password"),
            costed(user.username(), PASSWORD + "\0"),
            costed(user.username(), "x".repeat(1000)),
            costed("\ud83d\ude00", "\ud83d\ude00"),
        }) {
            assertEquals(wrong.answer.statusCode(), attempt.answer.statusCode());
            assertEquals(wrong.answer.asString(), attempt.answer.asString());
            assertEquals(wrong.answer.header("WWW-Authenticate"), attempt.answer.header("WWW-Authenticate"));
            assertEquals(1, attempt.passwordChecks);
        }
    }

    @Test
    void tenFailuresLockTheLoginForTheRestOfTheWindow() {
        var user = newUser();
        for (var i = 0; i < 10; i++) {
            attempt(i % 2 == 0 ? user.username() : user.username() + "@example.test", "wrong " + i)
                    .then()
                    .statusCode(401);
        }
        var locked = costed(user.username(), PASSWORD);
        Refusals.problem("the right password", locked.answer, 423, "account_locked");
        assertEquals(0, locked.passwordChecks);
        var seconds = Integer.parseInt(locked.answer.header("Retry-After"));
        assertTrue(seconds > 800 && seconds <= 901, "Retry-After " + seconds);
        // A lock of the login does not end the sessions there are.
        user.calls().get("/api/auth/me").then().statusCode(200);
    }

    @Test
    void theLockTellsNotWhetherTheUserExists() {
        var nobody = uniqueName();
        for (var i = 0; i < 10; i++) {
            attempt(i % 2 == 0 ? nobody : nobody.toUpperCase(Locale.ROOT), "wrong " + i)
                    .then()
                    .statusCode(401);
        }
        attempt(nobody, PASSWORD).then().statusCode(423).header("Retry-After", notNullValue());
    }

    @Test
    void guessesInParallelGetNoMoreTriesThanGuessesInARow() {
        for (var login : new String[] {newUser().username(), uniqueName()}) {
            var before = Meters.count("latchkey_password_checks");
            var statuses =
                    Together.run(50, number -> attempt(login, "guess " + number).statusCode());
            assertEquals(10, statuses.stream().filter(status -> status == 401).count(), statuses.toString());
            assertEquals(40, statuses.stream().filter(status -> status == 423).count(), statuses.toString());
            assertEquals(10, Meters.count("latchkey_password_checks") - before);
        }
    }

    @Test
    void aSuccessWipesTheCountOfFailures() {
        var user = newUser();
        for (var round = 0; round < 2; round++) {
            for (var i = 0; i < 9; i++) {
                attempt(user.username(), "wrong").then().statusCode(401);
            }
            logIn(user.username(), PASSWORD);
        }
    }

    @Test
    void whoHasStolenASessionGuessesThePasswordNoFasterThanWhoHasNot() {
        var user = newUser();
        var guess = Map.of("current_password", "wrong-guess-of-a-thief", "new_password", "what the thief would like");
        for (var i = 0; i < 10; i++) {
            user.calls().body(guess).post("/api/auth/password").then().statusCode(401);
        }
        user.calls()
                .body(guess)
                .post("/api/auth/password")
                .then()
                .statusCode(423)
                .header("Retry-After", notNullValue());
    }

    private record Costed(Response answer, double passwordChecks) {}

    private static Costed costed(String login, String password) {
        var before = Meters.count("latchkey_password_checks");
        var answer = attempt(login, password);
        return new Costed(answer, Meters.count("latchkey_password_checks") - before);
    }

    private static Response attempt(String login, String password) {
        return anonymous().body(Map.of("username", login, "password", password)).post("/api/auth/login");
    }
}
