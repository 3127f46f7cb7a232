package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.RawHttp.chunk;
import static dev.latchkey.api.RawHttp.exchange;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is refused whatever the endpoint: bodies that are no JSON, wrong media types, giants, unknown paths and methods. */
@QuarkusTest
class BadRequestTest {

    private static final String HEAD = "POST /api/auth/register HTTP/1.1\r\nHost: localhost\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    @Test
    void aBodyThatIsNotOneJsonObjectIsMalformed() {
        new Refusals("POST", "/api/auth/register", Api::anonymous).ofBodies("""
                nothing          |                                    | 400 |
                null             | null                               | 400 |
                array            | []                                 | 400 |
                array of objects | [{}]                               | 400 |
                text             | "{}"                               | 400 |
                number           | 5                                  | 400 |
                boolean          | true                               | 400 |
                unfinished       | {"username":                       | 400 |
                trailing garbage | {"username":"abc"} x               | 400 |
                second value     | {"username":"abc"} {}              | 400 |
                duplicate field  | {"username":"abc","username":"x"}  | 400 |
                comment          | /* a comment */ {}                 | 400 |
                single quotes    | {'username':'abc'}                 | 400 |
                bare names       | {username:"abc"}                   | 400 |
                NaN              | {"username":NaN}                   | 400 |
                leading zero     | {"username":007}                   | 400 |
                trailing comma   | {"username":"abc",}                | 400 |
                nested deeply    | <5000[>                            | 400 |
                nested in field  | {"username":<5000[>                | 400 | username
                nested elsewhere | {"other":<5000[>1<5000]>}          | 400 |
                long name        | {"<300x>":1}                       | 400 |
                long number      | {"username":<2000 9>}              | 400 |
                """);
    }

    @Test
    void aBodyOfAnotherTypeOrOfNoneIsRefused() {
        for (var type :
                List.of("text/plain", "application/xml", "application/x-www-form-urlencoded", "garbage", "a/b/c")) {
            assertUnsupported(exchange(HEAD + "Content-Type: " + type + "\r\nContent-Length: 2\r\n\r\n{}"));
        }
        assertUnsupported(exchange(HEAD + "Content-Length: 2\r\n\r\n{}"));
        assertUnsupported(exchange(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunk("{}") + chunk("")));
    }

    @Test
    void anAnswerOfAnotherTypeThanJsonCannotBeHad() {
        Refusals.problem(
                "Accept",
                anonymous().accept("application/xml").body("{}").post("/api/auth/login"),
                406,
                "not_acceptable");
    }

    @Test
    void aBodyThatAnnouncesItselfAsTooLargeIsRefusedBeforeItIsSent() {
        for (var length : List.of("1048577", "999999999999", "9223372036854775807")) {
            var answer = exchange(HEAD + JSON + "Content-Length: " + length + "\r\n\r\n");
            assertTooLarge(answer);
        }
    }

    @Test
    void aBodyThatDoesNotSayHowLargeItIsIsCutOff() {
        var piece = chunk(" ".repeat(65536));
        assertTooLarge(exchange(HEAD + JSON + "Transfer-Encoding: chunked\r\n\r\n" + piece.repeat(17)));
        // Within a field too, where the reader of JSON stands in the middle of something.
        assertTooLarge(exchange(HEAD + JSON + "Transfer-Encoding: chunked\r\n\r\n" + chunk("{\"username\":\"")
                + chunk("x".repeat(65536)).repeat(17)));
    }

    @Test
    void aBodyOfTheLargestSizeIsRead() {
        var blanks = " ".repeat(1024 * 1024 - 2);
        anonymous().body("{" + blanks + "}").post("/api/auth/register").then().statusCode(422);
    }

    @Test
    void unknownPathsAreNotFound() {
        var user = newUser();
        for (var path :
                List.of("/", "/nothing", "/api", "/api/v1/nothing", "/api/v1/tokens/me/nothing", "/api/v1/tokens%00")) {
            for (var method : List.of("GET", "POST", "DELETE")) {
                var answer = user.calls().urlEncodingEnabled(false).request(method, path);
                Refusals.problem(method + " " + path, answer, 404, "not_found");
            }
        }
    }

    @Test
    void whatIsNoUriIsRefusedBeforeItReachesUs() {
        var answer = exchange("GET /api/v1/tokens/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertTrue(answer.matches("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"), answer);
    }

    @Test
    void aRequestWithoutHostIsMalformed() {
        var answer = exchange("GET /api/auth/me HTTP/1.1\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("\"code\":\"invalid_request\""), answer);
    }

    @Test
    void knownPathsRefuseOtherMethods() {
        var user = newUser();
        Refusals.problem("GET", anonymous().get("/api/auth/register"), 405, "method_not_allowed");
        Refusals.problem("DELETE", user.calls().delete("/api/v1/tokens"), 405, "method_not_allowed");
        Refusals.problem("PUT", user.calls().body("{}").put("/api/v1/tokens"), 405, "method_not_allowed");
        Refusals.problem("FOO", user.calls().request("FOO", "/api/v1/tokens"), 405, "method_not_allowed");
    }

    @Test
    void aRefusedMethodIsToldWhichOnesThereAre() {
        var user = newUser();
        var id = "01a1fe88-62c1-7000-8d8e-401aaffb2a7e";
        assertAllow("GET, HEAD, OPTIONS, POST", user.calls().delete("/api/v1/tokens"));
        assertAllow("DELETE, GET, HEAD, OPTIONS, PATCH", user.calls().post("/api/v1/tokens/" + id));
        assertAllow("OPTIONS, POST", anonymous().get("/api/v1/tokens/me/revoke"));
        assertAllow("OPTIONS, POST", anonymous().get("/api/auth/login"));
        assertAllow("GET, HEAD, OPTIONS", anonymous().delete("/health"));
    }

    @Test
    void aCredentialInAPathOrARequestIdIsNotRepeated() {
        var token = newToken(newUser(), "read:audits");
        var answer = given().header("X-Request-Id", token).get("/nothing/" + token + "/more");
        Refusals.problem("unknown path", answer, 404, "not_found");
        answer.then()
                .body("instance", equalTo("/nothing/lk_live_.../more"))
                .header("X-Request-Id", not(containsString("lk_")));
    }

    @Test
    void idsThatAreNoneAreNotFoundAndNeverAFailure() {
        var user = newUser();
        for (var id :
                List.of("x", "1-1-1-1-1", "%00", "null", "01a1fe88-62c1-7000-8d8e-401aaffb2a7e", "%F0%9F%98%80")) {
            var path = "/api/v1/tokens/" + id;
            for (var method : List.of("GET", "PATCH", "DELETE")) {
                Refusals.problem(method + " " + path, on(user).request(method, path), 404, "not_found");
            }
            Refusals.problem("rotate " + path, on(user).post(path + "/rotate"), 404, "not_found");
            Refusals.problem("usage " + path, on(user).get(path + "/usage"), 404, "not_found");
        }
    }

    @Test
    void aSaneRequestIdIsKeptAndAnyOtherReplaced() {
        given().header("X-Request-Id", "my-id_1.2:3").get("/nothing").then().header("X-Request-Id", "my-id_1.2:3");
        for (var id : List.of("has space", "x".repeat(129), "line\u0085break", "quote\"", "<script>")) {
            given().header("X-Request-Id", id)
                    .get("/nothing")
                    .then()
                    .header("X-Request-Id", not(equalTo(id)))
                    .header("X-Request-Id", not(containsString("script")));
        }
    }

    @Test
    void anUnexpectedFailureIsAProblemThatTellsNothing() {
        var user = newUser();
        var token = newToken(user, Map.of("name", "broken", "scopes", List.of("read:audits")));
        String id = token.path("id");
        Tables.change("update api_tokens set allowed_cidrs = '{no-address}' where id = ?::uuid", id);

        var answer = as(token.path("token")).get("/api/v1/tokens/me");

        Refusals.problem("a row that cannot be read", answer, 500, "internal_error");
        answer.then().body(not(containsString("no-address")));
    }

    private static io.restassured.specification.RequestSpecification on(Api.Someone user) {
        return user.calls().urlEncodingEnabled(false).body("{}");
    }

    private static void assertAllow(String methods, io.restassured.response.Response answer) {
        Refusals.problem("405", answer, 405, "method_not_allowed");
        answer.then().header("Allow", methods);
    }

    private static void assertUnsupported(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 415 "), answer);
        assertTrue(answer.contains("\"code\":\"unsupported_media_type\""), answer);
    }

    private static void assertTooLarge(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
        assertTrue(answer.contains("\"code\":\"payload_too_large\""), answer);
        assertEquals(1, answer.split("X-Request-Id", -1).length - 1, answer);
    }
}
