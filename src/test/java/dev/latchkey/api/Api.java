package dev.latchkey.api;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The service as its clients see it, for tests that need someone to be. */
public final class Api {

    public static final String PASSWORD = "a-long-enough-Password-for-tests";

    /** Stands in a test's field until the service is there to make someone. */
    public static final Someone NOBODY = new Someone("", "", "", "", "");

    private static final AtomicLong COUNTER = new AtomicLong(System.nanoTime());

    /** A registered user who is logged in. */
    public record Someone(String username, String id, String tenantId, String accessToken, String refreshToken) {

        public RequestSpecification calls() {
            return as(accessToken);
        }
    }

    private Api() {}

    public static RequestSpecification anonymous() {
        return given().contentType("application/json");
    }

    public static RequestSpecification as(String credential) {
        return anonymous().header("Authorization", "Bearer " + credential);
    }

    /** A name that no other test has. */
    public static String uniqueName() {
        return "u" + Long.toString(COUNTER.incrementAndGet(), 36);
    }

    /** Registers and logs in a new user, in a tenant of their own. */
    public static Someone newUser() {
        var name = uniqueName();
        anonymous()
                .body(Map.of("username", name, "email", name + "@example.test", "password", PASSWORD))
                .post("/api/auth/register")
                .then()
                .statusCode(201);
        return logIn(name, PASSWORD);
    }

    /** A registered user with another role, who is logged in. */
    public static Someone newUser(String role) {
        var user = newUser();
        Tables.change("update users set role = ? where id = ?::uuid", role, user.id());
        // The session above goes by the role that was known of it.
        return logIn(user.username(), PASSWORD);
    }

    public static Someone admin() {
        return logIn("admin", "correct-horse-battery-staple-test");
    }

    public static Someone logIn(String username, String password) {
        var answer = anonymous()
                .body(Map.of("username", username, "password", password))
                .post("/api/auth/login")
                .then()
                .statusCode(200)
                .extract();
        return new Someone(
                username,
                answer.path("user.id"),
                answer.path("user.tenant_id"),
                answer.path("access_token"),
                answer.path("refresh_token"));
    }

    /** The text of a new token with these scopes. */
    public static String newToken(Someone owner, String... scopes) {
        return newToken(owner, Map.of("name", "a token", "scopes", List.of(scopes)))
                .path("token");
    }

    /** The answer to a creation: 201 with the text in {@code token}. */
    public static Response newToken(Someone owner, Map<String, ?> fields) {
        var response = owner.calls().body(fields).post("/api/v1/tokens");
        response.then().statusCode(201);
        return response;
    }
}
