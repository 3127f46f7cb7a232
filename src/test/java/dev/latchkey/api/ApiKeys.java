package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Base64;
import java.util.Map;

/** JWT API keys for tests that need some. */
public final class ApiKeys {

    public static final String V2 = "/api/auth/v2";

    private ApiKeys() {}

    public static Response register(RequestSpecification caller, String role) {
        return caller.body(Map.of("name", "a key", "key_type", role)).post(V2 + "/register");
    }

    /** The answer to a creation, by anyone who may. */
    public static Response newKey(RequestSpecification caller, String role) {
        var answer = register(caller, role);
        answer.then().statusCode(201);
        return answer;
    }

    /** The text of a key that nobody known made. */
    public static String newBasicKey() {
        return newKey(anonymous(), "basic").path("api_key");
    }

    public static Response validate(String text) {
        return as(text).get(V2 + "/validate");
    }

    /** The part of a JWT, decoded. */
    public static String part(String jwt, int number) {
        return new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[number]), UTF_8);
    }

    /** As if its life were over in so many seconds; its text goes on to say otherwise. */
    public static void endsIn(String keyId, int seconds) {
        Tables.change(
                "update api_keys set expires_at = now() + ?::int * interval '1 second' where key_id = ?",
                Integer.toString(seconds),
                keyId);
    }
}
