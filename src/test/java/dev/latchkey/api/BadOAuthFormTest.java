package dev.latchkey.api;

import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.OAuthCalls.FORM;
import static dev.latchkey.api.OAuthCalls.INTROSPECT;
import static dev.latchkey.api.OAuthCalls.REVOKE;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forms that are wrong are refused in words that name the parameter and repeat none of its value. */
@QuarkusTest
class BadOAuthFormTest {

    /** What is wrong, the body, and the parameter that the problem names. TOKEN stands for a token that must not be touched. */
    private static final String BODIES = """
            nothing                  |                                   | token
            only separators          | &&&                               | token
            no token                 | token_type_hint=access_token      | token
            an empty token           | token=                            | token
            a token without a value  | token                             | token
            another case             | Token=TOKEN                       | token
            JSON                     | {"token":"TOKEN"}                 | token
            a token twice            | token=TOKEN&token=TOKEN           |
            a token and an empty one | token=TOKEN&token=                |
            an encoded name twice    | token=TOKEN&%74oken=x             |
            a hint twice             | token=TOKEN&token_type_hint=a&token_type_hint=b |
            an unknown one twice     | token=TOKEN&x=1&x=2               |
            half of a percent        | token=TOKEN%2                     |
            no hexadecimal           | token=TOKEN%zz                    |
            no UTF-8                 | token=TOKEN%ff                    |
            a bad name               | token=TOKEN&%c3%28=x              |
            a bad hint               | token=TOKEN&token_type_hint=%     |
            a secret of the client   | token=TOKEN&client_secret=TOKEN   |
            an assertion             | token=TOKEN&client_assertion=x    |
            an access token          | token=TOKEN&access_token=TOKEN    |
            """;

    private String caller = "";
    private String token = "";

    @BeforeEach
    void someone() {
        var user = newUser();
        caller = newToken(user, "admin:tenant");
        token = newToken(user, "read:audits");
    }

    @Test
    void eachBadFormIsRefusedAndNothingHappens() {
        var before = Tables.contents();
        BODIES.lines().map(AccessMatrixTest::cells).forEach(row -> {
            for (var path : List.of(INTROSPECT, REVOKE)) {
                var what = path + " " + row[0];
                var answer = post(path, row[1].replace("TOKEN", token));
                Refusals.problem(what, answer, 400, "invalid_request");
                List<String> fields = answer.path("errors.field");
                assertEquals(row[2], fields == null ? "" : String.join(",", fields), what);
                assertEquals("invalid_request", answer.path("error"), what);
                assertEquals(answer.<String>path("detail"), answer.path("error_description"), what);
                assertTrue(!answer.asString().contains(token), what);
            }
        });
        assertEquals(before, Tables.contents(), "a refused call wrote something");
        Api.as(token).get("/api/v1/tokens/me").then().statusCode(200);
    }

    @Test
    void anUnknownHintAndUnknownParametersAreIgnored() {
        for (var rest : List.of(
                "&token_type_hint=refresh_token",
                "&token_type_hint=never_heard_of",
                "&token_type_hint=",
                "&client_id=someone",
                "&resource=x&" + "y".repeat(200) + "=1&",
                "&&=&=x")) {
            post(INTROSPECT, "token=" + token + rest).then().statusCode(200).body("active", equalTo(true));
        }
        post(INTROSPECT, "%74oken=" + token.replace("_", "%5F")).then().body("active", equalTo(true));
        post(INTROSPECT, "token=+" + token).then().body(equalTo("{\"active\":false}"));
    }

    @Test
    void onlyAFormIsRead() {
        for (var type :
                List.of("application/json", "text/plain", "multipart/form-data; boundary=x", "text/x-www-form")) {
            for (var path : List.of(INTROSPECT, REVOKE)) {
                var answer = raw(path, type);
                assertTrue(answer.startsWith("HTTP/1.1 415"), answer);
                assertTrue(
                        answer.contains("\"code\":\"unsupported_media_type\",\"error\":\"invalid_request\""), answer);
            }
        }
        Api.as(token).get("/api/v1/tokens/me").then().statusCode(200);
    }

    @Test
    void theCharsetOfTheFormChangesNothing() {
        for (var type : List.of(FORM, FORM + "; charset=UTF-8", FORM + ";charset=ISO-8859-1", FORM + ";charset=none")) {
            var answer = raw(INTROSPECT, type);
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(answer.contains("{\"active\":true"), answer);
        }
    }

    @Test
    void aFormIsNoLargerThanAnyOtherBody() {
        var large = "token=" + token + "&x=" + "y".repeat(1024 * 1024);
        for (var path : List.of(INTROSPECT, REVOKE)) {
            Refusals.problem(path, post(path, large), 413, "payload_too_large");
            var chunked = RawHttp.exchange("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + caller
                    + "\r\nContent-Type: " + FORM + "\r\nTransfer-Encoding: chunked\r\n\r\n" + RawHttp.chunk(large)
                    + "0\r\n\r\n");
            assertTrue(chunked.startsWith("HTTP/1.1 413"), chunked);
        }
        Api.as(token).get("/api/v1/tokens/me").then().statusCode(200);
    }

    @Test
    void aLibraryThatAcceptsOnlyJsonGetsTheSameProblemAsJson() {
        for (var request : List.of(given(), given().header("Authorization", "Bearer " + caller))) {
            var answer = request.header("Content-Type", FORM)
                    .accept("application/json")
                    .body("x=1")
                    .post(INTROSPECT);
            assertEquals("application/json", answer.contentType().replaceFirst(";.*", ""));
            assertEquals(answer.statusCode(), (int) answer.path("status"));
            assertTrue(answer.path("error").toString().startsWith("invalid_"), answer.asString());
        }
        given().accept("application/json")
                .get("/api/v1/tokens")
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
    }

    @Test
    void otherMethodsAndPathsAreToldInWordsOfOAuthToo() {
        given().get(INTROSPECT)
                .then()
                .statusCode(405)
                .header("Allow", containsString("POST"))
                .body("error", equalTo("invalid_request"));
        given().get("/oauth2/token").then().statusCode(404).body("error", equalTo("invalid_request"));
        given().get("/nothing").then().statusCode(404).body("error", equalTo(null));
    }

    private Response post(String path, String body) {
        return given().header("Authorization", "Bearer " + caller)
                .header("Content-Type", FORM)
                .body(body)
                .post(path);
    }

    /** A valid form under any name. */
    private String raw(String path, String type) {
        var body = "token=" + token;
        return RawHttp.exchange("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + caller
                + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }
}
