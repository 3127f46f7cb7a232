package dev.latchkey.provider;

import static dev.latchkey.provider.FaultServer.json;
import static dev.latchkey.provider.FaultServer.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ProvidersConfig.Configured;
import dev.latchkey.provider.ProvidersConfig.DiscoveryPolicy;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Issuers that tenants name: only what an honest one says of itself is believed, and only what may be called is. */
class DiscoveryTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = TIMEOUT.multipliedBy(8);
    private static final Vertx VERTX = Vertx.vertx();

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private final Discovery discovery = discovery(DiscoveryPolicy.ANY);
    private FaultServer server;
    private String issuer;

    @BeforeEach
    void start() throws IOException {
        server = new FaultServer();
        issuer = server.uri("").toString();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void close() {
        VERTX.close();
    }

    private Discovery discovery(DiscoveryPolicy policy) {
        var config = new ProvidersConfig() {
            @Override
            public Map<String, Configured> providers() {
                return Map.of();
            }

            @Override
            public DiscoveryPolicy discovery() {
                return policy;
            }

            @Override
            public Duration timeout() {
                return TIMEOUT;
            }
        };
        return new Discovery(new ProviderHttp(VERTX, config), config, new ObjectMapper(), clock);
    }

    private Provider find() {
        return discovery.find("oidc:" + issuer);
    }

    private void isUnavailable(String what) {
        var problem = assertThrows(Problem.class, this::find, what);
        assertEquals(ProviderProblem.PROVIDER_UNAVAILABLE, problem.code(), what);
        // Which of the faults it is would tell a tenant what there is in our network.
        assertEquals("The issuer could not be discovered", problem.detail(), what);
        assertEquals(Map.of(), problem.members(), what);
    }

    private static String metadata(String issuer, String more) {
        return """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token"%2$s}""".formatted(issuer, more);
    }

    private void says(String more) {
        server.answers(json(200, metadata(issuer, more)));
    }

    @Test
    void anHonestIssuerIsBelieved() {
        says(",\"revocation_endpoint\":\"" + issuer
                + "/revoke?x=1\",\"scopes_supported\":[\"openid\",\"offline_access\"]"
                + ",\"authorization_response_iss_parameter_supported\":true");
        var provider = find();
        assertEquals("oidc:" + issuer, provider.name());
        assertEquals(Optional.of(issuer), provider.issuer());
        assertEquals(
                Optional.of(URI.create(issuer + "/authorize")),
                provider.endpoints().authorization());
        assertEquals(URI.create(issuer + "/token"), provider.endpoints().token());
        assertEquals(
                Optional.of(URI.create(issuer + "/revoke?x=1")),
                provider.endpoints().revocation());
        assertEquals(Optional.empty(), provider.endpoints().introspection());
        assertEquals(List.of("openid", "offline_access"), provider.scopes());
        assertEquals(Map.of("prompt", "consent"), provider.authorizationParameters());
        assertTrue(provider.namesIssuer());
        assertTrue(provider.pkce());
    }

    @Test
    void eachClientAuthenticationThatIsKnownIsUsedTheCommonOnesFirst() {
        var supported = ",\"token_endpoint_auth_methods_supported\":";
        var expected = Map.of(
                "",
                ClientAuthentication.CLIENT_SECRET_BASIC,
                supported + "[]",
                ClientAuthentication.CLIENT_SECRET_BASIC,
                supported + "null",
                ClientAuthentication.CLIENT_SECRET_BASIC,
                supported + "\"private_key_jwt\"",
                ClientAuthentication.CLIENT_SECRET_BASIC,
                supported + "[\"none\",\"tls_client_auth\"]",
                ClientAuthentication.CLIENT_SECRET_BASIC,
                supported + "[\"private_key_jwt\",\"client_secret_post\",\"client_secret_basic\"]",
                ClientAuthentication.CLIENT_SECRET_BASIC,
                supported + "[\"private_key_jwt\",\"client_secret_post\"]",
                ClientAuthentication.CLIENT_SECRET_POST,
                supported + "[\"client_secret_jwt\",\"private_key_jwt\"]",
                ClientAuthentication.PRIVATE_KEY_JWT);
        expected.forEach((more, authentication) -> {
            says(more);
            assertEquals(
                    authentication,
                    discovery(DiscoveryPolicy.ANY).find("oidc:" + issuer).clientAuthentication(),
                    more);
        });
    }

    @Test
    void whatIsNoMetadataOfThisIssuerIsNotBelieved() {
        var good = metadata(issuer, "");
        for (var answer : List.of(
                metadata("https://attacker.example.test", ""),
                metadata(issuer + "/", ""),
                metadata(issuer.replace("http", "HTTP"), ""),
                good.replace("\"issuer\":", "\"Issuer\":"),
                good.replace("\"issuer\":\"" + issuer + "\"", "\"issuer\":[\"" + issuer + "\"]"),
                good.replace("\"issuer\":\"" + issuer + "\"", "\"issuer\":null"),
                "[" + good + "]",
                "\"" + issuer + "\"",
                "null",
                "5",
                "{}",
                "",
                "<html></html>",
                good.substring(0, good.length() - 1),
                "[".repeat(100_000),
                good.replace("{", "{\"x\":\"" + "x".repeat(ProviderHttp.MOST_BYTES) + "\","))) {
            server.answers(json(200, answer));
            isUnavailable(answer.substring(0, Math.min(200, answer.length())));
        }
        says("");
        assertEquals(issuer + "/token", find().endpoints().token().toString(), "a failure was remembered");
    }

    @Test
    void whatIsNoGoodAnswerIsNotBelievedAndNoRedirectIsFollowed() throws IOException {
        try (var elsewhere = new FaultServer()) {
            elsewhere.answers(json(200, metadata(issuer, "")));
            var location = elsewhere.uri("/.well-known/openid-configuration").toString();
            for (var status : List.of(201, 204, 300, 400, 401, 403, 404, 429, 500, 503)) {
                server.answers(json(status, status == 204 ? "" : metadata(issuer, "")));
                isUnavailable("status " + status);
            }
            for (var status : List.of(301, 302, 303, 307, 308)) {
                server.answers(json(status, metadata(issuer, ""), "Location", location));
                isUnavailable("status " + status);
            }
            assertEquals(List.of(), elsewhere.asked());
        }
        server.answers((exchange, body) -> exchange.close());
        isUnavailable("closed");
    }

    // Files without an ending, which metadata often are, have many types.
    @Test
    void aContentTypeIsNotAFault() {
        for (var type : List.of("text/plain", "application/octet-stream", "application/json;charset=UTF-8")) {
            server.answers(text(200, type, metadata(issuer, "")));
            assertEquals(
                    issuer + "/token",
                    discovery(DiscoveryPolicy.ANY)
                            .find("oidc:" + issuer)
                            .endpoints()
                            .token()
                            .toString(),
                    type);
        }
    }

    @Test
    void whoeverDripsOrStandsStillIsGivenUpInTime() {
        server.answers((exchange, body) -> sleep(4 * TIMEOUT.toMillis()));
        var began = System.nanoTime();
        isUnavailable("stands still");
        server.answers((exchange, body) -> {
            exchange.sendResponseHeaders(200, 10_000);
            for (var i = 0; i < 200; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                sleep(TIMEOUT.toMillis() / 10);
            }
        });
        isUnavailable("drips");
        assertTrue(System.nanoTime() - began < PATIENCE.toNanos(), "it was waited for");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void endpointsToWhichNothingCanBeSentAreNotBelieved() {
        for (var bad : List.of(
                "token",
                "/token",
                "//example.test/token",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://example.test/token",
                "file:///etc/passwd",
                "https:token",
                "https://",
                "https://user@example.test/token",
                "https://user:password@example.test/token",
                "https://example.test/token#fragment",
                "https://example.test:65536/token",
                "https://exa mple.test/token",
                "https://example.test/\\ntoken",
                "https://example.test/%zz")) {
            for (var name : List.of(
                    "authorization_endpoint",
                    "token_endpoint",
                    "revocation_endpoint",
                    "introspection_endpoint",
                    "device_authorization_endpoint")) {
                var good = metadata(
                        issuer,
                        ",\"revocation_endpoint\":\"%1$s/r\",\"introspection_endpoint\":\"%1$s/i\"".formatted(issuer)
                                + ",\"device_authorization_endpoint\":\"" + issuer + "/d\"");
                var metadata = good.replaceFirst(
                        "\"" + name + "\":\"[^\"]*\"",
                        java.util.regex.Matcher.quoteReplacement("\"" + name + "\":\"" + bad + "\""));
                assertFalse(metadata.equals(good));
                server.answers(json(200, metadata));
                isUnavailable(name + " " + bad);
            }
        }
        for (var missing : List.of("null", "\"\"", "5", "[]", "{}")) {
            server.answers(json(200, metadata(issuer, "").replace("\"" + issuer + "/token\"", missing)));
            isUnavailable("token_endpoint " + missing);
        }
    }

    @Test
    void anIssuerWithAPathHasItsMetadataBelowIt() {
        server.answers((exchange, body) -> {
            var path = exchange.getRequestURI().getPath();
            var at = path.replace("/.well-known/openid-configuration", "");
            json(200, path.equals(at) ? "{}" : metadata(issuer + at + (at.equals("/slash") ? "/" : ""), ""))
                    .to(exchange, body);
        });
        for (var path : List.of("", "/tenant", "/a/b", "/slash/")) {
            var provider = discovery.find("oidc:" + issuer + path);
            assertEquals(Optional.of(issuer + path), provider.issuer());
        }
        assertEquals(4, server.asked().size());
        // Another issuer, with and without.
        assertThrows(Problem.class, () -> discovery.find("oidc:" + issuer + "/slash"));
        assertThrows(Problem.class, () -> discovery.find("oidc:" + issuer + "/tenant/"));
    }

    @Test
    void aGoodAnswerIsKeptForAnHour() {
        says("");
        find();
        var moved = metadata(issuer, "").replace("/token", "/moved");
        server.answers(json(200, moved));
        now = now.plus(Duration.ofMinutes(59));
        assertEquals(issuer + "/token", find().endpoints().token().toString());
        assertEquals(1, server.asked().size());
        now = now.plus(Duration.ofMinutes(2));
        assertEquals(issuer + "/moved", find().endpoints().token().toString());
        assertEquals(2, server.asked().size());
    }

    @Test
    void whatWasTrueIsTakenToBeSoForADayWhileTheIssuerIsAway() {
        says("");
        var provider = find();
        server.answers(json(503, "{}"));
        now = now.plus(Duration.ofHours(2));
        for (var time = 0; time < 10; time++) {
            assertEquals(provider, find());
        }
        assertEquals(2, server.asked().size(), "whoever is away was asked each time");
        // Nor does another's word replace it.
        server.answers(json(200, metadata("https://attacker.example.test", "")));
        now = now.plus(Duration.ofMinutes(2));
        assertEquals(provider, find());
        now = now.plus(Duration.ofHours(23));
        isUnavailable("after a day");
        isUnavailable("after a day");
        assertEquals(5, server.asked().size());
        says("");
        assertEquals(provider, find());
    }

    @Test
    void onlyIssuersThatMayBeNamedAreAsked() {
        says("");
        isNoIssuer(DiscoveryPolicy.OFF, issuer);
        isNoIssuer(DiscoveryPolicy.OFF, "https://example.com");
        isNoIssuer(DiscoveryPolicy.PUBLIC, issuer);
        for (var policy : List.of(DiscoveryPolicy.PUBLIC, DiscoveryPolicy.ANY)) {
            for (var bad : List.of(
                    "",
                    " ",
                    "example.com",
                    "https:",
                    "https://",
                    "https:///path",
                    "ftp://example.com",
                    "file:///etc/passwd",
                    "javascript:alert(1)",
                    "HTTPS://example.com",
                    "https://example.com?x=1",
                    "https://example.com#x",
                    "https://user@example.com",
                    "https://example.com:65536",
                    "https://example.com/\n",
                    "https://example.com/" + "x".repeat(231))) {
                isNoIssuer(policy, bad);
            }
        }
        assertEquals(List.of(), server.asked());
    }

    private void isNoIssuer(DiscoveryPolicy policy, String text) {
        var problem = assertThrows(Problem.class, () -> discovery(policy).find("oidc:" + text), text);
        assertEquals(CommonProblem.VALIDATION_FAILED, problem.code(), text);
    }

    @Test
    void whatIsNotPublicIsNotCalled() {
        var port = server.uri("").getPort();
        for (var host :
                List.of("127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[fd00::1]", "0.0.0.0")) {
            issuer = "https://" + host + ":" + port;
            var problem = assertThrows(
                    Problem.class, () -> discovery(DiscoveryPolicy.PUBLIC).find("oidc:" + issuer), host);
            assertEquals(ProviderProblem.PROVIDER_UNAVAILABLE, problem.code(), host);
            assertEquals(
                    "The address is not a public one",
                    String.valueOf(cause(problem).getMessage()),
                    host);
        }
    }

    private static Throwable cause(Throwable problem) {
        var cause = problem.getCause();
        return cause == null ? problem : cause;
    }
}
