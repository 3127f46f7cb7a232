package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.greenbytes.http.sfv.IntegerItem;
import org.greenbytes.http.sfv.Parametrizable;
import org.greenbytes.http.sfv.Parser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What gateways are told. */
@QuarkusTest
class ForwardAuthTest {

    private static final String PATH = "/api/v1/forward-auth";
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private Someone owner = Api.NOBODY;

    @BeforeEach
    void someone() {
        owner = newUser();
    }

    @Test
    void aUsableCredentialPassesByWhateverMethodWithWhatTheUpstreamWantsToKnow() {
        var token = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports", "read:audits")));
        for (var method : METHODS) {
            as(token.path("token"))
                    .queryParam("scope", "read:reports,read:audits")
                    .queryParam("tenant", owner.tenantId())
                    .request(method, PATH)
                    .then()
                    .statusCode(200)
                    .body(emptyString())
                    .header("X-Latchkey-Code", "VALID")
                    .header("X-Latchkey-Key-Id", equalTo(token.path("id")))
                    .header("X-Latchkey-Tenant-Id", owner.tenantId())
                    .header("X-Latchkey-Kind", "api_token")
                    .header("X-Latchkey-Owner", owner.id())
                    .header("X-Latchkey-Scopes", "read:audits read:reports")
                    .header("X-RateLimit-Limit", "60");
        }
    }

    @Test
    void whoHasNoCredentialPassesByNoMethod() {
        for (var method : METHODS) {
            anonymous()
                    .request(method, PATH)
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", "Bearer realm=\"latchkey\"")
                    .header("X-Latchkey-Code", "NOT_AUTHENTICATED");
        }
        anonymous().request("PROPFIND", PATH).then().statusCode(405);
        anonymous().get(PATH + "/").then().statusCode(401);
        anonymous().get(PATH + "/more").then().statusCode(404);
        // As browsers ask before they call, from a page that is none of ours.
        var preflight = anonymous()
                .header("Origin", "https://example.com")
                .header("Access-Control-Request-Method", "POST")
                .options(PATH);
        assertTrue(preflight.statusCode() >= 400, "preflight " + preflight.statusCode());
    }

    @Test
    void eachRefusalHasItsStatusAndItsCode() {
        for (var row : """
                REVOKED            | 401 | revoked_token
                DISABLED           | 401 | disabled_token
                EXPIRED            | 401 | expired_token
                FORBIDDEN_IP       | 403 | forbidden_address
                INSUFFICIENT_SCOPE | 403 | insufficient_scope
                """.lines().map(AccessMatrixTest::cells).toList()) {
            var scope = row[0].equals("INSUFFICIENT_SCOPE") ? "write:audits" : "read:reports";
            var answer = as(VerifyTest.faulty(owner, List.of(row[0]))).get(PATH + "?scope=" + scope);
            Refusals.problem(row[0], answer, Integer.parseInt(row[1]), row[2]);
            assertEquals(row[0], answer.header("X-Latchkey-Code"));
            assertEquals(null, answer.header("X-Latchkey-Key-Id"));
            assertTrue(answer.header("WWW-Authenticate").startsWith("Bearer realm=\"latchkey\""));
        }
        var garbage = as("lk_live_" + "0".repeat(36)).get(PATH);
        Refusals.problem("garbage", garbage, 401, "invalid_token");
        assertEquals("MALFORMED", garbage.header("X-Latchkey-Code"));
        as(newToken(owner, "read:reports"))
                .urlEncodingEnabled(false)
                .get(PATH + "?scope=read:reports%20write:audits")
                .then()
                .statusCode(403)
                .body("required_scopes", equalTo(List.of("read:reports", "write:audits")));
    }

    @Test
    void anotherTenantsCredentialCannotBeToldFromNone() {
        var foreign = newToken(newUser(), "read:reports");
        var gone = newToken(newUser(), Map.of("name", "a", "scopes", List.of("read:reports")));
        Tables.change("delete from api_tokens where id = ?::uuid", gone.<String>path("id"));
        var one = as(foreign).get(PATH + "?tenant=" + owner.tenantId());
        var other = as(gone.<String>path("token")).get(PATH + "?tenant=" + owner.tenantId());
        one.then().statusCode(401).header("X-Latchkey-Code", "NOT_FOUND");
        assertEquals(other.asString(), one.asString());
        assertEquals(told(other), told(one));
    }

    @Test
    void whatIsAppendedToTheQueryNeverAsksForLess() {
        var stranger = newUser();
        var foreign = newToken(stranger, "read:reports");
        var ours = newToken(owner, "read:reports");
        var query = PATH + "?tenant=" + owner.tenantId() + "&scope=read:reports&too_many=403&path=";
        // As Envoy appends what the client asked for.
        var appended =
                "/orders?tenant=" + stranger.tenantId() + "&tenant=" + stranger.tenantId() + "&scope=&too_many=429";
        as(foreign).get(query + appended).then().statusCode(401);
        as(ours).get(query + appended).then().statusCode(200);
        as(ours).get(query + "&scope=write:audits").then().statusCode(403);
        as(ours).get(query + "/../../../../health").then().statusCode(200);
        anonymous().get(query + "/../../../../health").then().statusCode(401);
    }

    @Test
    void aLimitThatIsUsedUpIs429OrWhatTheGatewayCanPassOn() {
        var token = limited(Map.of("per_minute", 1));
        as(token).get(PATH).then().statusCode(200);
        var answer = as(token).get(PATH);
        Refusals.problem("429", answer, 429, "rate_limited");
        answer.then()
                .header("X-Latchkey-Code", "RATE_LIMITED")
                .header("WWW-Authenticate", nullValue())
                .body("violated_policies", equalTo(List.of("minute")));
        var as403 = as(token).get(PATH + "?too_many=403");
        Refusals.problem("403", as403, 403, "limit_used_up");
        as403.then().header("X-Latchkey-Code", "RATE_LIMITED").body("violated_policies", equalTo(List.of("minute")));
        for (var refusal : List.of(answer, as403)) {
            var seconds = Integer.parseInt(refusal.header("Retry-After"));
            assertTrue(seconds >= 1 && seconds <= 60, "Retry-After " + seconds);
        }
    }

    @Test
    void theRateLimitFieldsAreStructuredAndAgreeWithTheDecision() {
        var token = limited(Map.of("per_minute", 5, "per_hour", 3));
        for (var left : List.of(2L, 1L, 0L)) {
            var answer = as(token).get(PATH);
            assertEquals(200, answer.statusCode());
            assertEquals(
                    Map.of(
                            "minute;q",
                            5L,
                            "minute;w",
                            60L,
                            "hour;q",
                            3L,
                            "hour;w",
                            3600L,
                            "day;q",
                            10_000L,
                            "day;w",
                            86_400L),
                    numbers(answer, "RateLimit-Policy"));
            var told = numbers(answer, "RateLimit");
            assertEquals(Set.of("hour;r", "hour;t"), told.keySet());
            assertEquals(left, told.get("hour;r"));
        }
        var refused = as(token).get(PATH);
        assertEquals(429, refused.statusCode());
        var told = numbers(refused, "RateLimit");
        assertEquals(0L, told.get("hour;r"));
        assertEquals(Long.valueOf(refused.header("Retry-After")), told.get("hour;t"));
    }

    @Test
    void aRefusalTakesNothing() {
        var token = limited(Map.of("per_minute", 2));
        for (var i = 0; i < 5; i++) {
            as(token).get(PATH + "?scope=write:audits").then().statusCode(403);
            as(token).get(PATH + "?tenant=" + newUser().tenantId()).then().statusCode(401);
        }
        as(token).get(PATH).then().statusCode(200).header("X-RateLimit-Remaining", "1");
    }

    @Test
    void twoCredentialsAtOnceAreRefusedInEveryMix() {
        var token = newToken(owner, "read:reports");
        var session = owner.accessToken();
        for (var request : List.of(
                as(token).header("X-API-Key", token),
                as(token).header("X-API-Key", "garbage"),
                as("garbage").header("X-API-Key", token),
                as(token).header("X-API-Key", ""),
                as(session).header("X-API-Key", token),
                as(token).header("Authorization", "Bearer " + token),
                as(token).header("Authorization", "bearer " + session),
                anonymous().header("X-API-Key", token).header("X-API-Key", token))) {
            Refusals.problem("two", request.get(PATH), 400, "invalid_request");
            request.get(PATH).then().header("X-Latchkey-Code", "INVALID_REQUEST");
        }
        // Another scheme is none of ours.
        anonymous()
                .header("X-API-Key", token)
                .header("Authorization", "Basic dTpw")
                .get(PATH)
                .then()
                .statusCode(200);
    }

    @Test
    void whatIsNoCredentialOfOursIsInvalid() {
        var token = newToken(owner, "read:reports");
        for (var text : List.of(
                "x",
                "x".repeat(8192),
                "lk_live_" + "x".repeat(8000),
                token + token,
                "ghp_" + "a".repeat(36),
                "sk_live_" + "b".repeat(24),
                "AKIA" + "C".repeat(16),
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
                owner.accessToken(),
                "\u00e9\u00ff")) {
            Refusals.problem(text, as(text).get(PATH), 401, "invalid_token");
            Refusals.problem(text, anonymous().header("X-API-Key", text).get(PATH), 401, "invalid_token");
        }
        try {
            assertTrue(as("x".repeat(60_000)).get(PATH).statusCode() >= 400);
        } catch (Exception closed) {
            // Whoever still sends when the connection is closed hears of that, and not of the 431.
            assertInstanceOf(SocketException.class, closed);
        }
    }

    @Test
    void nobodySaysByThemselvesFromWhereTheyCall() {
        var token = newToken(
                        owner,
                        Map.of(
                                "name", "a",
                                "scopes", List.of("read:reports"),
                                "allowed_cidrs", List.of("192.0.2.1/32")))
                .<String>path("token");
        for (var header : List.of("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP")) {
            as(token)
                    .header(header, header.equals("Forwarded") ? "for=192.0.2.1" : "192.0.2.1")
                    .get(PATH)
                    .then()
                    .statusCode(403)
                    .header("X-Latchkey-Code", "FORBIDDEN_IP");
        }
    }

    @Test
    void eachBadParameterIsNamedAndNothingOfItComesBackInAHeader() {
        var token = newToken(owner, "read:reports");
        new Refusals("GET", PATH, () -> as(token)).ofParameters("""
                tenant   | x                          | 422 | tenant
                tenant   |                            | 422 | tenant
                tenant   | %%00                       | 422 | tenant
                too_many | 500                        | 422 | too_many
                too_many |                            | 422 | too_many
                too_many | 429%%20                    | 422 | too_many
                scope    | a%%22                      | 422 | scope
                scope    | a%%0d%%0aX-Spoofed:%%20b   | 422 | scope
                scope    | read:reports%%09b          | 422 | scope
                scope    | %%C3%%A9                   | 422 | scope
                scope    | <101a>                     | 422 | scope
                scope    | %s                         | 422 | scope
                """.formatted("a,".repeat(65)));
        var undecodable =
                RawHttp.exchange("GET " + PATH + "?scope=%zz HTTP/1.1\r\nHost: x\r\nX-API-Key: " + token + "\r\n\r\n");
        assertTrue(undecodable.startsWith("HTTP/1.1 400"), undecodable);
    }

    @Test
    void theCodeIsToldAlsoWhereNoCheckWasMade() {
        var token = newToken(owner, "read:reports");
        anonymous().get(PATH).then().statusCode(401).header("X-Latchkey-Code", "NOT_AUTHENTICATED");
        as(token).get(PATH + "?tenant=x").then().statusCode(422).header("X-Latchkey-Code", "VALIDATION_FAILED");
    }

    @Test
    void aBodyIsNeitherReadNorNeeded() {
        var token = newToken(owner, "read:reports");
        as(token).body("not {json").post(PATH).then().statusCode(200);
        as(token)
                .contentType("text/plain")
                .body("x".repeat(10_000))
                .put(PATH)
                .then()
                .statusCode(200);
    }

    @Test
    void theCallIsMetered() {
        var token = newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports")));
        as(token.path("token")).get(PATH).then().statusCode(200);
        as(token.path("token")).delete(PATH + "?scope=write:audits").then().statusCode(403);
        Eventually.within(30, () -> owner.calls()
                .get("/api/v1/tokens/" + token.path("id") + "/usage")
                .then()
                .body("total_requests", equalTo(2))
                .body("total_errors", equalTo(1))
                .body("by_endpoint.endpoint", equalTo(List.of(PATH))));
    }

    private String limited(Map<String, Integer> limits) {
        return newToken(owner, Map.of("name", "a", "scopes", List.of("read:reports"), "rate_limits", limits))
                .path("token");
    }

    /** By a parser of other people (RFC 9651): a list of names with parameters, as {@code name;parameter} and its number. */
    private static Map<String, Long> numbers(Response answer, String header) {
        var numbers = new LinkedHashMap<String, Long>();
        for (var item : Parser.parseList(answer.header(header)).get()) {
            ((Parametrizable<?>) item)
                    .getParams()
                    .forEach((name, value) -> numbers.put(item.get() + ";" + name, ((IntegerItem) value).getAsLong()));
        }
        return numbers;
    }

    private static List<String> told(Response response) {
        return response.headers().asList().stream()
                .filter(header -> !header.getName().equalsIgnoreCase("X-Request-Id"))
                .map(Object::toString)
                .sorted()
                .toList();
    }
}
