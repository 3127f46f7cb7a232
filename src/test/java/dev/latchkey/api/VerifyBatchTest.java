package dev.latchkey.api;

import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many questions in one call are answered as if each had been asked alone. */
@QuarkusTest
class VerifyBatchTest {

    private Someone owner = Api.NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void answersStandInTheOrderOfTheQuestions() {
        var good = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports")));
        var other = newToken(owner, Map.of("name", "b", "scopes", List.of("read:reports")));
        String goodText = good.path("token");
        String otherText = other.path("token");
        String goodId = good.path("id");
        String otherId = other.path("id");
        batch(List.of(
                        Map.of("token", goodText),
                        Map.of("token", "garbage"),
                        Map.of("token", otherText, "scopes", List.of("write:audits")),
                        Map.of("token", newToken(newUser(), "read:reports")),
                        Map.of("token", otherText)))
                .then()
                .statusCode(200)
                .body("items.code", equalTo(List.of("VALID", "MALFORMED", "INSUFFICIENT_SCOPE", "NOT_FOUND", "VALID")))
                .body("items[0].key_id", equalTo(goodId))
                .body("items[4].key_id", equalTo(otherId));
    }

    @Test
    void aBatchHasOneToAHundredQuestions() {
        var token = newToken(owner, "read:reports");
        for (var size : List.of(1, 100)) {
            batch(Collections.nCopies(size, Map.of("token", token, "cost", 0)))
                    .then()
                    .statusCode(200)
                    .body("items.code", equalTo(Collections.nCopies(size, "VALID")));
        }
        for (var size : List.of(0, 101)) {
            batch(Collections.nCopies(size, Map.of("token", token)))
                    .then()
                    .statusCode(422)
                    .body("errors.field", equalTo(List.of("items")));
        }
    }

    @Test
    void ofOneTokenAHundredTimesExactlyItsLimitIsAdmitted() {
        var limited = newToken(
                        owner,
                        Map.of("name", "a", "scopes", List.of("read:reports"), "rate_limits", Map.of("per_minute", 7)))
                .<String>path("token");
        // In several batches at once, too.
        var codes = Together.run(3, number -> batch(Collections.nCopies(100, Map.of("token", limited)))
                        .then()
                        .statusCode(200)
                        .extract()
                        .<List<String>>path("items.code"))
                .stream()
                .flatMap(List::stream)
                .toList();
        assertEquals(300, codes.size());
        assertEquals(7, codes.stream().filter("VALID"::equals).count());
        assertEquals(293, codes.stream().filter("RATE_LIMITED"::equals).count());
    }

    @Test
    void oneBadQuestionIsNamedAndNoneIsAnswered() {
        var limited = newToken(
                        owner,
                        Map.of("name", "a", "scopes", List.of("read:reports"), "rate_limits", Map.of("per_minute", 5)))
                .<String>path("token");
        for (var bad : Map.of(
                        "items[2].ip", Map.of("token", limited, "ip", "nowhere"),
                        "items[2].token", Map.of("ip", "192.0.2.1"),
                        "items[2].cost", Map.of("token", limited, "cost", -1),
                        "items[2].scopes[1]", Map.of("token", limited, "scopes", List.of("a", "")),
                        "items[2].permissions", Map.of("token", limited, "permissions", "a", "scopes", List.of("a")))
                .entrySet()) {
            var good = Map.of("token", limited);
            batch(List.of(good, good, bad.getValue(), good))
                    .then()
                    .statusCode(422)
                    .body("errors.field", equalTo(List.of(bad.getKey())));
        }
        batch(List.of(Map.of("token", limited), Map.of("token", limited, "permissions", "a AND")))
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_permissions"))
                .body("errors.field", equalTo(List.of("items[1].permissions")));
        VerifyTest.verify(owner, Map.of("token", limited, "cost", 0)).body("rate_limits[0].remaining", equalTo(5));
    }

    @Test
    void theAnswersOfManyTokensAreNeverMixedUp() {
        var tokens = IntStream.range(0, 30)
                .mapToObj(
                        number -> newToken(owner, Map.of("name", "token " + number, "scopes", List.of("read:reports"))))
                .toList();
        batch(tokens.stream().map(token -> Map.of("token", token.path("token"))).toList())
                .then()
                .body(
                        "items.key_id",
                        equalTo(tokens.stream()
                                .map(token -> token.<String>path("id"))
                                .toList()));
    }

    private Response batch(List<? extends Map<String, ?>> items) {
        return owner.calls().body(Map.of("items", items)).post("/api/v1/verify/batch");
    }
}
