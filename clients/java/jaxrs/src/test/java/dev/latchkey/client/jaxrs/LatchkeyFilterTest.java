package dev.latchkey.client.jaxrs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guarded resource of a Quarkus application lets in whom Latchkey finds valid, and nobody else. */
@QuarkusTest
class LatchkeyFilterTest {

    private static final String VALID = """
            {"valid":true,"code":"VALID","key_id":"k1","tenant_id":"t1","scopes":["read:reports"],"metadata":{},"rate_limits":[]}""";

    @TestHTTPResource
    URI base;

    private HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void allIsWell() {
        Guarded.LATCHKEY.status = 200;
        Guarded.LATCHKEY.answer = VALID;
        Guarded.LATCHKEY.question = "";
    }

    @Test
    void whoIsValidIsLetInAndKnown() throws Exception {
        var answer = get("/guarded", "Authorization", "Bearer lk_live_x");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("k1 true false t1", answer.body());
        assertEquals("{\"token\":\"lk_live_x\",\"scopes\":[\"read:reports\"]}", Guarded.LATCHKEY.question);
        assertEquals(200, get("/guarded", "X-API-Key", "lk_live_x").statusCode());
    }

    @Test
    void theMarkOfTheMethodWins() throws Exception {
        assertEquals(
                200, get("/guarded/more", "Authorization", "bearer lk_live_x").statusCode());
        assertTrue(Guarded.LATCHKEY.question.contains("\"scopes\":[\"write:reports\",\"admin:tenant\"]"));
    }

    @Test
    void theHoldersAddressIsSentWhereAFilterKnowsIt() throws Exception {
        get("/guarded", "Authorization", "Bearer lk_live_x", "X-Real-IP", "192.0.2.7");
        assertTrue(Guarded.LATCHKEY.question.contains("\"ip\":\"192.0.2.7\""), Guarded.LATCHKEY.question);
    }

    @Test
    void whatIsNotMarkedIsOpen() throws Exception {
        assertEquals(200, get("/open").statusCode());
        assertEquals("", Guarded.LATCHKEY.question);
    }

    @Test
    void whoSendsNothingIsToldSoAndNothingOfAnError() throws Exception {
        for (var headers : new String[][] {{}, {"Authorization", "Basic eDp5"}, {"Authorization", "Bearer "}}) {
            var answer = get("/guarded", headers);
            assertEquals(401, answer.statusCode());
            assertEquals("Bearer realm=\"latchkey\"", challenge(answer));
            assertTrue(answer.body().contains("\"detail\":\"Not authenticated\""), answer.body());
        }
        assertEquals("", Guarded.LATCHKEY.question);
    }

    @Test
    void twoCredentialsAreRefused() throws Exception {
        assertEquals(
                400,
                get("/guarded", "Authorization", "Bearer a", "X-API-Key", "b").statusCode());
        assertEquals(400, get("/guarded", "X-API-Key", "a", "X-API-Key", "b").statusCode());
        assertEquals("", Guarded.LATCHKEY.question);
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED, 401, invalid_token, invalid_token",
        "NOT_FOUND, 401, invalid_token, invalid_token",
        "REVOKED, 401, revoked_token, invalid_token",
        "DISABLED, 401, disabled_token, invalid_token",
        "EXPIRED, 401, expired_token, invalid_token",
        "SOMETHING_NEW, 401, invalid_token, invalid_token",
        "FORBIDDEN_IP, 403, forbidden_address, ''",
        "INSUFFICIENT_SCOPE, 403, insufficient_scope, insufficient_scope",
        "RATE_LIMITED, 429, rate_limited, ''",
        "USAGE_EXCEEDED, 429, usage_exceeded, ''"
    })
    void whoIsNotValidIsTold(String found, int status, String code, String error) throws Exception {
        Guarded.LATCHKEY.answer = """
                {"valid":false,"code":"%s","scopes":[],"rate_limits":[{"name":"minute","limit":60,"remaining":0,"reset":7}],
                 "violated_policies":["minute"],"retry_after":7}""".formatted(found);
        var answer = get("/guarded", "Authorization", "Bearer lk_live_x");
        assertEquals(status, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().contains("\"code\":\"" + code + "\""), answer.body());
        assertFalse(answer.body().contains("lk_live_x"));
        assertTrue(error.isEmpty() == challenge(answer).isEmpty()
                && challenge(answer).contains(error));
        if (status == 429) {
            assertEquals("7", answer.headers().firstValue("Retry-After").orElse(""));
            assertEquals(
                    "\"minute\";r=0;t=7",
                    answer.headers().firstValue("RateLimit").orElse(""));
            assertTrue(answer.body().contains("\"violated_policies\":[\"minute\"]"));
        }
        if (found.equals("INSUFFICIENT_SCOPE")) {
            assertTrue(challenge(answer).endsWith(", scope=\"read:reports\""), challenge(answer));
            assertTrue(answer.body().contains("\"required_scopes\":[\"read:reports\"]"));
        }
    }

    @ParameterizedTest
    @CsvSource({"500, x", "503, x", "200, garbage", "401, {}", "403, {}", "429, {}"})
    void nobodyIsLetInWhileLatchkeyDoesNotAnswer(int status, String body) throws Exception {
        Guarded.LATCHKEY.status = status;
        Guarded.LATCHKEY.answer = body;
        var answer = get("/guarded", "Authorization", "Bearer lk_live_x");
        assertEquals(503, answer.statusCode());
        assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
        assertFalse(answer.body().contains("lk_live_x"));
    }

    private static String challenge(HttpResponse<String> answer) {
        return answer.headers().firstValue("WWW-Authenticate").orElse("");
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path)).GET();
        for (var i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
