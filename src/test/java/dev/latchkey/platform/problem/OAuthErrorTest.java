package dev.latchkey.platform.problem;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems on the OAuth 2 endpoints, for libraries that look for OAuth's words. */
class OAuthErrorTest {

    private static final String PATH = "/oauth2/introspect";

    @Test
    void eachProblemHasItsWord() {
        var words = Arrays.stream(CommonProblem.values())
                .collect(toMap(ProblemCode::code, code -> OAuthError.of(new Problem(code, "words"))));
        var expected = new TreeMap<>(Map.of(
                "not_authenticated", "invalid_client",
                "invalid_client", "invalid_client",
                "invalid_token", "invalid_token",
                "expired_token", "invalid_token",
                "revoked_token", "invalid_token",
                "disabled_token", "invalid_token",
                "insufficient_scope", "insufficient_scope",
                "insufficient_role", "access_denied",
                "forbidden_address", "access_denied"));
        expected.put("rate_limited", "temporarily_unavailable");
        expected.put("unavailable", "temporarily_unavailable");
        expected.put("internal_error", "server_error");
        for (var code : List.of(
                "invalid_request",
                "validation_failed",
                "not_found",
                "method_not_allowed",
                "not_acceptable",
                "conflict",
                "payload_too_large",
                "unsupported_media_type")) {
            expected.put(code, "invalid_request");
        }
        assertEquals(expected, new TreeMap<>(words));
    }

    @Test
    void theDescriptionHasOnlyTheCharactersThatRfc6749Allows() {
        var problem = new Problem(CommonProblem.INVALID_REQUEST, "a\"b\\c\r\nX: \u00e9");
        assertEquals("a b c  X:  ", ProblemBody.of(problem, PATH).get("error_description"));
    }

    @Test
    void elsewhereAProblemHasNoneOfIt() {
        var body = ProblemBody.of(new Problem(CommonProblem.NOT_FOUND, "words"), "/api/oauth2/introspect");
        assertFalse(body.containsKey("error") || body.containsKey("error_description"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json;charset=UTF-8", "Application/JSON; q=0.9"})
    void whoAcceptsNothingButJsonGetsIt(String accept) {
        assertEquals("application/json", ProblemBody.mediaType(PATH, accept));
        assertEquals("application/problem+json", ProblemBody.mediaType("/api/v1/tokens", accept));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "*/*", "application/json, */*", "application/problem+json, application/json", "text/html"})
    void everybodyElseGetsAProblem(String accept) {
        assertTrue(ProblemBody.mediaType(PATH, accept).endsWith("problem+json"));
    }
}
