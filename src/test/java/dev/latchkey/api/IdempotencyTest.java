package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.logIn;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A creation that is repeated with its key is done once. */
@QuarkusTest
class IdempotencyTest {

    private static final Map<String, Object> BODY = Map.of("name", "once", "scopes", List.of("read:audits"));

    private Someone user = NOBODY;

    @BeforeEach
    void someone() {
        user = newUser();
    }

    @Test
    void theSameKeyGetsTheSameAnswerWithTheTextInIt() {
        var first = create(user.calls(), "key", BODY);
        var again = create(user.calls(), "key", BODY);
        assertEquals(201, again.statusCode());
        assertEquals(first.asString(), again.asString());
        as(again.path("token")).get("/api/v1/tokens/me").then().statusCode(200).body("id", equalTo(first.path("id")));
        assertEquals("1", tokens());
        assertEquals(List.of(), Tables.thatHold(first.path("token")));
    }

    @Test
    void theKeyHoldsOverSessionsAndIsTheUsersOwn() {
        var first = create(user.calls(), "key", BODY);
        var later = logIn(user.username(), Api.PASSWORD);
        assertEquals(
                first.<String>path("id"), create(later.calls(), "key", BODY).path("id"));
        assertNotEquals(
                first.<String>path("id"), create(newUser().calls(), "key", BODY).path("id"));
        var token = newToken(user, "admin:tenant");
        assertNotEquals(first.<String>path("id"), create(as(token), "key", BODY).path("id"));
    }

    @Test
    void answersWhoseCiphertextsWereSwappedInTheDatabaseAreBothUnreadableAndNobodyGetsTheOthers() {
        var texts = List.<String>of(
                create(user.calls(), "one", BODY).path("token"),
                create(user.calls(), "two", BODY).path("token"));
        Tables.change("""
                update platform_idempotency_keys as here set sealed = there.sealed from platform_idempotency_keys as there
                where here.caller_id = ?::uuid and there.caller_id = here.caller_id and here.key <> there.key""", user.id());
        for (var key : List.of("one", "two")) {
            var answer = create(user.calls(), key, BODY);
            assertEquals(500, answer.statusCode());
            assertEquals("internal_error", answer.path("code"));
            assertFalse(texts.stream().anyMatch(answer.asString()::contains));
        }
        assertEquals("2", tokens());
    }

    @Test
    void theSameKeyWithAnotherRequestIsRefused() {
        var first = create(user.calls(), "key", BODY);
        var other = create(user.calls(), "key", Map.of("name", "other", "scopes", List.of("read:audits")));
        Refusals.problem("another body", other, 422, "idempotency_key_reused");
        var rotation = user.calls()
                .header("Idempotency-Key", "key")
                .body("{}")
                .post("/api/v1/tokens/" + first.path("id") + "/rotate");
        Refusals.problem("another call", rotation, 422, "idempotency_key_reused");
        assertEquals("1", tokens());
    }

    @Test
    void theSameRequestWrittenInAnotherWayIsTheSame() {
        var first = create(user.calls(), "key", BODY);
        var again = user.calls()
                .header("Idempotency-Key", "key")
                .body("{ \"scopes\" : [\"read:audits\"], \"name\" : \"\\u006fnce\", \"metadata\": null }")
                .post("/api/v1/tokens");
        assertEquals(first.asString(), again.asString());
    }

    @Test
    void ofTwentyAtOnceWithOneKeyOneIsDoneAndAllGetItsAnswer() {
        var answers = Together.run(20, number -> create(user.calls(), "key", BODY));
        assertEquals(1, answers.stream().map(Response::asString).distinct().count());
        assertEquals(201, answers.getFirst().statusCode());
        assertEquals("1", tokens());
    }

    @Test
    void aRefusedRequestUsesNoKeyUp() {
        create(user.calls(), "key", Map.of("name", "x", "scopes", List.of("no:such")))
                .then()
                .statusCode(422);
        create(user.calls(), "key", BODY).then().statusCode(201);
    }

    @Test
    void aKeyThatIsNoneIsRefused() {
        for (var key : List.of("has space", "x".repeat(256), "\u00e9")) {
            var answer = create(user.calls(), key, BODY);
            Refusals.problem(key, answer, 422, "validation_failed");
            answer.then().body("errors.field", equalTo(List.of("Idempotency-Key")));
        }
        create(user.calls(), "x".repeat(255), BODY).then().statusCode(201);
    }

    private static Response create(RequestSpecification caller, String key, Map<String, Object> body) {
        return caller.header("Idempotency-Key", key).body(body).post("/api/v1/tokens");
    }

    private String tokens() {
        return Tables.value("select count(*) from api_tokens where created_by = '" + user.id() + "'");
    }
}
