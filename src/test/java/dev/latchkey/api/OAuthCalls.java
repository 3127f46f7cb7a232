package dev.latchkey.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Base64;

/** Calls of the OAuth 2 endpoints, with forms as their libraries send them. */
final class OAuthCalls {

    static final String FORM = "application/x-www-form-urlencoded";
    static final String INTROSPECT = "/oauth2/introspect";
    static final String REVOKE = "/oauth2/revoke";

    private OAuthCalls() {}

    static RequestSpecification anonymous() {
        return given().contentType(FORM);
    }

    static RequestSpecification bearer(String credential) {
        return anonymous().header("Authorization", "Bearer " + credential);
    }

    static RequestSpecification client(String id, String text) {
        return anonymous().header("Authorization", basic(id + ":" + text));
    }

    static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    static Response introspect(String caller, String token) {
        return bearer(caller).formParam("token", token).post(INTROSPECT);
    }

    static Response revoke(String caller, String token) {
        return bearer(caller).formParam("token", token).post(REVOKE);
    }
}
