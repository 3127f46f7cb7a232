package dev.latchkey.provider;

import static dev.latchkey.provider.FaultServer.json;
import static dev.latchkey.provider.FaultServer.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.provider.Provider.Endpoints;
import dev.latchkey.provider.ProvidersConfig.Configured;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenEndpointTest {

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Vertx VERTX = Vertx.vertx();
    private static final Secret REFRESH_TOKEN = new Secret("r&1=%");
    private static final ClientIdentity CLIENT = new ClientIdentity("my:client", List.of(new Secret("s&cret")));

    private final ProvidersConfig config = new ProvidersConfig() {
        @Override
        public Map<String, Configured> providers() {
            return Map.of();
        }

        @Override
        public DiscoveryPolicy discovery() {
            return DiscoveryPolicy.ANY;
        }

        @Override
        public Duration timeout() {
            return TIMEOUT;
        }
    };
    private final TokenEndpoint endpoint = new TokenEndpoint(new ProvenCalls(
            new ProviderHttp(VERTX, config),
            new ClientProof(Clock.systemUTC()),
            new ObjectMapper(),
            Clock.systemUTC()));
    private FaultServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FaultServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void close() {
        VERTX.close();
    }

    private Provider provider(ClientAuthentication authentication) {
        return new Provider(
                "fault",
                Optional.empty(),
                true,
                false,
                new Endpoints(
                        Optional.empty(),
                        server.uri("/token"),
                        Optional.of(server.uri("/revoke")),
                        Optional.empty(),
                        Optional.empty()),
                authentication,
                true,
                " ",
                List.of(),
                Map.of(),
                Optional.empty(),
                Set.of(Provider.INVALID_GRANT, "bad_refresh_token"));
    }

    private TokenReply refresh(ClientIdentity client) {
        return endpoint.refresh(provider(ClientAuthentication.CLIENT_SECRET_BASIC), client, REFRESH_TOKEN);
    }

    private TokenReply refresh() {
        return refresh(CLIENT);
    }

    @Test
    void whatIsSentIsEncodedAndTheSecretStaysOutOfTheBody() {
        server.answers(json(200, "{\"access_token\":\"a1\",\"token_type\":\"bearer\",\"expires_in\":60}"));
        var granted = assertInstanceOf(Granted.class, refresh());
        assertEquals("a1", granted.tokens().accessToken().reveal());
        assertEquals(Optional.of(Duration.ofMinutes(1)), granted.tokens().life());
        assertEquals(Optional.empty(), granted.tokens().refreshToken());
        var asked = server.asked().getFirst();
        assertEquals("grant_type=refresh_token&refresh_token=r%261%3D%25", asked.body());
        assertEquals(
                "Basic " + Base64.getEncoder().encodeToString("my%3Aclient:s%26cret".getBytes(UTF_8)),
                asked.authorization());
        endpoint.refresh(provider(ClientAuthentication.CLIENT_SECRET_POST), CLIENT, REFRESH_TOKEN);
        assertTrue(server.asked().get(1).body().endsWith("&client_id=my%3Aclient&client_secret=s%26cret"));
        assertEquals("", server.asked().get(1).authorization());
    }

    @Test
    void aLifeThatCannotBeTrueIsNotBelieved() {
        for (var said : List.of(
                "",
                ",\"expires_in\":0",
                ",\"expires_in\":-5",
                ",\"expires_in\":\"soon\"",
                ",\"expires_in\":1e300",
                ",\"expires_in\":null",
                ",\"expires_in\":[60]")) {
            server.answers(json(200, "{\"access_token\":\"a1\"" + said + "}"));
            assertEquals(
                    Optional.empty(),
                    assertInstanceOf(Granted.class, refresh(), said).tokens().life(),
                    said);
        }
        server.answers(json(200, "{\"access_token\":\"a1\",\"expires_in\":\"3600\"}"));
        assertEquals(
                Optional.of(Duration.ofHours(1)),
                assertInstanceOf(Granted.class, refresh()).tokens().life());
    }

    @Test
    void noIsToldFromNotNow() {
        for (var over : List.of("invalid_grant", "bad_refresh_token")) {
            for (var status : List.of(400, 401, 200)) {
                server.answers(json(status, "{\"error\":\"" + over + "\"}"));
                assertEquals(new Refused(over, true), refresh());
            }
        }
        server.answers(json(400, "{\"error\":\"invalid_scope\"}"));
        assertEquals(new Refused("invalid_scope", false), refresh());
        server.answers(json(400, "{\"error\":\"<script>\\u0007\"}"));
        assertEquals(new Refused("invalid_error", false), refresh());
        server.answers(text(401, "text/plain", "no"));
        assertEquals(new Refused("invalid_client", false), refresh());
        server.answers(json(400, "{\"error\":\"temporarily_unavailable\"}"));
        assertInstanceOf(Failed.class, refresh());
    }

    @Test
    void whatMeansNothingIsTriedAgainLater() {
        for (var answer : List.of(
                json(500, "{\"error\":\"invalid_grant\"}"),
                json(503, ""),
                text(200, "text/html", "<html>we are down</html>"),
                text(200, "application/json", "{\"access_token\":"),
                json(200, "[]"),
                json(200, "{}"),
                json(200, "{\"access_token\":\"\"}"),
                json(200, "{\"access_token\":5}"),
                json(200, "{\"access_token\":\"a\\nb\"}"),
                json(400, "{}"),
                json(302, "", "Location", "http://127.0.0.1:1/token"),
                json(307, "", "Location", server.uri("/elsewhere").toString()),
                json(200, "{\"access_token\":\"" + "a".repeat(300_000) + "\"}"))) {
            server.answers(answer);
            assertInstanceOf(Failed.class, refresh());
        }
        assertEquals(13, server.asked().size(), "a redirect was followed, or a call repeated");
    }

    @Test
    void aProviderSaysHowLongToLeaveItAlone() {
        server.answers(json(429, "{}", "Retry-After", "17"));
        assertEquals(
                Optional.of(Duration.ofSeconds(17)),
                assertInstanceOf(Failed.class, refresh()).retryAfter());
        server.answers(json(503, "{}", "Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT"));
        assertEquals(
                Optional.of(Duration.ofDays(1)),
                assertInstanceOf(Failed.class, refresh()).retryAfter());
        for (var nonsense : List.of("soon", "-5", "99999999999999999999", "Fri, 31 Dec 1999 23:59:59 GMT")) {
            server.answers(json(429, "{}", "Retry-After", nonsense));
            assertEquals(
                    Optional.empty(),
                    assertInstanceOf(Failed.class, refresh(), nonsense).retryAfter(),
                    nonsense);
        }
    }

    @Test
    void whoeverDripsOrStandsStillIsGivenUpInTime() {
        server.answers((exchange, body) -> sleep(4 * TIMEOUT.toMillis()));
        var began = System.nanoTime();
        assertInstanceOf(Failed.class, refresh());
        server.answers((exchange, body) -> {
            exchange.sendResponseHeaders(200, 10_000);
            for (var i = 0; i < 40; i++) {
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                sleep(TIMEOUT.toMillis() / 10);
            }
        });
        assertInstanceOf(Failed.class, refresh());
        assertTrue(System.nanoTime() - began < 8 * TIMEOUT.toNanos(), "it was waited for");
        server.answers((exchange, body) -> exchange.close());
        assertInstanceOf(Failed.class, refresh());
    }

    @Test
    void secretsAreTriedInTheirOrderUntilOneIsAccepted() {
        var right = "Basic " + Base64.getEncoder().encodeToString("c:new".getBytes(UTF_8));
        server.answers((exchange, body) -> {
            var isRight = right.equals(exchange.getRequestHeaders().getFirst("Authorization"));
            (isRight ? json(200, "{\"access_token\":\"a1\"}") : json(401, "{\"error\":\"invalid_client\"}"))
                    .to(exchange, body);
        });
        var both = new ClientIdentity("c", List.of(new Secret("old"), new Secret("new")));
        assertEquals(1, assertInstanceOf(Granted.class, refresh(both)).secret());
        assertEquals(2, server.asked().size());
        var wrong = new ClientIdentity("c", List.of(new Secret("old"), new Secret("older")));
        assertTrue(assertInstanceOf(Refused.class, refresh(wrong)).isOfClient());
    }

    @Test
    void revocationIsTriedWithEachSecretAndNothingIsMadeUp() {
        var provider = provider(ClientAuthentication.CLIENT_SECRET_POST);
        server.answers(text(200, "text/plain", ""));
        assertTrue(endpoint.revoke(provider, CLIENT, REFRESH_TOKEN));
        assertEquals(
                "token=r%261%3D%25&client_id=my%3Aclient&client_secret=s%26cret",
                server.asked().getFirst().body());
        server.answers(json(503, "{}"));
        assertEquals(false, endpoint.revoke(provider, CLIENT, REFRESH_TOKEN));
    }

    // What a tenant's issuer says of itself may name any address.
    @Test
    void whatWasDiscoveredIsCalledInPublicNetworksOnly() {
        for (var inside : List.of(
                server.uri("/token").toString(),
                "https://127.0.0.1:" + server.uri("").getPort() + "/token",
                "https://[::1]/token",
                "https://localhost/token",
                "https://169.254.169.254/token")) {
            var known = provider(ClientAuthentication.CLIENT_SECRET_BASIC);
            var uri = URI.create(inside);
            var discovered = new Provider(
                    known.name(),
                    known.issuer(),
                    false,
                    false,
                    new Endpoints(Optional.empty(), uri, Optional.of(uri), Optional.empty(), Optional.empty()),
                    known.clientAuthentication(),
                    known.pkce(),
                    known.scopeSeparator(),
                    known.scopes(),
                    known.authorizationParameters(),
                    known.lifeWhenUnsaid(),
                    known.goneErrors());
            var why = assertInstanceOf(Failed.class, endpoint.refresh(discovered, CLIENT, REFRESH_TOKEN))
                    .why();
            assertTrue(
                    List.of("The address is not a public one", "Only https is called")
                            .contains(why),
                    why);
            assertEquals(false, endpoint.revoke(discovered, CLIENT, REFRESH_TOKEN));
        }
        assertEquals(List.of(), server.asked());
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
