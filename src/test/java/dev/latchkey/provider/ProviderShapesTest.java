package dev.latchkey.provider;

import static dev.latchkey.provider.FaultServer.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.provider.Provider.Endpoints;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The providers that every deployment knows, as application.properties define them, and answers in the shapes that their documentation shows: some of
 * them are not those of the RFCs.
 */
class ProviderShapesTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final ProvidersConfig CONFIG = config();
    private static final Secret TOKEN = new Secret("a-token");
    private static final ClientIdentity CLIENT =
            new ClientIdentity("a-client", List.of(new Secret("new"), new Secret("old")));
    private static final String BY_POST = "&client_id=a-client&client_secret=new";

    private final ProviderHttp http = new ProviderHttp(VERTX, CONFIG);
    private final Providers providers =
            new Providers(CONFIG, new Discovery(http, CONFIG, new ObjectMapper(), Clock.systemUTC()));
    private final TokenEndpoint endpoint = new TokenEndpoint(
            new ProvenCalls(http, new ClientProof(Clock.systemUTC()), new ObjectMapper(), Clock.systemUTC()));
    private FaultServer server;

    private static ProvidersConfig config() {
        try {
            return new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .withConverter(Duration.class, 200, new DurationConverter())
                    .withMapping(ProvidersConfig.class)
                    .withSources(new PropertiesConfigSource(Path.of("src/main/resources/application.properties")
                            .toUri()
                            .toURL()))
                    .build()
                    .getConfigMapping(ProvidersConfig.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

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

    /** The provider of that name, with its endpoints here. */
    private Provider here(String name) {
        var known = providers.get(name);
        return new Provider(
                known.name(),
                known.issuer(),
                known.isTrusted(),
                known.namesIssuer(),
                new Endpoints(
                        known.endpoints().authorization(),
                        server.uri("/token"),
                        known.endpoints().revocation().map(any -> server.uri("/revoke")),
                        Optional.empty(),
                        Optional.empty()),
                known.clientAuthentication(),
                known.pkce(),
                known.scopeSeparator(),
                known.scopes(),
                known.authorizationParameters(),
                known.lifeWhenUnsaid(),
                known.goneErrors());
    }

    private TokenReply refresh(String provider, int status, String answer) {
        server.answers(json(status, answer));
        return endpoint.refresh(here(provider), CLIENT, TOKEN);
    }

    private TokenReply exchange(String provider, int status, String answer) {
        server.answers(json(status, answer));
        return endpoint.exchange(
                here(provider), CLIENT, "a-code", "https://keys.example.test/callback", Optional.of(TOKEN));
    }

    private boolean revoke(String provider, int status, String answer) {
        server.answers(json(status, answer));
        return endpoint.revoke(here(provider), CLIENT, TOKEN);
    }

    private static void granted(TokenReply reply, String access, String refresh, Optional<Duration> life) {
        var tokens = assertInstanceOf(Granted.class, reply).tokens();
        assertEquals(access, tokens.accessToken().reveal());
        assertEquals(refresh, tokens.refreshToken().map(Secret::reveal).orElse(""));
        assertEquals(life, tokens.life());
    }

    /** Each secret is tried if it is the client that is not accepted. */
    private void ofClient(TokenReply reply, int before) {
        assertTrue(assertInstanceOf(Refused.class, reply).isOfClient());
        assertEquals(before + 2, server.asked().size());
    }

    @Test
    void google() {
        granted(
                exchange("google", 200, """
                        {"access_token":"ya29.a0Made_Up-1","expires_in":3599,"refresh_token":"1//0made-up_1",
                         "scope":"openid https://www.googleapis.com/auth/userinfo.email","token_type":"Bearer",
                         "id_token":"e30.e30.e30","refresh_token_expires_in":604799}"""),
                "ya29.a0Made_Up-1",
                "1//0made-up_1",
                Optional.of(Duration.ofSeconds(3599)));
        assertTrue(server.asked().getFirst().body().endsWith(BY_POST));
        // The refresh token stays the same, and is not sent again.
        granted(refresh("google", 200, """
                        {"access_token":"ya29.a0Made_Up-2","expires_in":3599,"scope":"openid","token_type":"Bearer"}"""), "ya29.a0Made_Up-2", "", Optional.of(Duration.ofSeconds(3599)));
        assertEquals(new Refused("invalid_grant", true), refresh("google", 400, """
                        {"error":"invalid_grant","error_description":"Token has been expired or revoked."}"""));
        assertEquals(new Refused("invalid_grant", true), refresh("google", 400, """
                        {"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_subtype":"invalid_rapt"}"""));
        assertInstanceOf(Failed.class, refresh("google", 500, "{\"error\":\"internal_failure\"}"));
        assertInstanceOf(
                Failed.class, refresh("google", 403, "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}"));
        var before = server.asked().size();
        ofClient(refresh("google", 401, """
                        {"error":"invalid_client","error_description":"Unauthorized"}"""), before);
    }

    @Test
    void googleRevokesWhatIsOverAlready() {
        assertTrue(revoke("google", 200, "{}"));
        assertEquals("token=a-token" + BY_POST, server.asked().getFirst().body());
        assertEquals(1, server.asked().size());
        assertTrue(revoke("google", 400, """
                {"error":"invalid_token","error_description":"Token expired or revoked"}"""));
        assertEquals(2, server.asked().size());
        assertFalse(revoke("google", 400, "{\"error\":\"invalid_request\"}"));
        assertFalse(revoke("google", 503, "{\"error\":\"invalid_token\"}"));
        assertEquals(4, server.asked().size(), "another secret was tried for what no secret mends");
        assertFalse(revoke("google", 401, "{\"error\":\"invalid_client\"}"));
        assertEquals(6, server.asked().size(), "the older secret was not tried");
    }

    @Test
    void github() {
        granted(exchange("github", 200, """
                        {"access_token":"ghu_madeup1","expires_in":28800,"refresh_token":"ghr_madeup1",
                         "refresh_token_expires_in":15897600,"token_type":"bearer","scope":""}"""), "ghu_madeup1", "ghr_madeup1", Optional.of(Duration.ofHours(8)));
        assertTrue(server.asked().getFirst().body().endsWith(BY_POST));
        // Of an OAuth app, whose tokens do not expire.
        var forEver = exchange(
                "github", 200, "{\"access_token\":\"gho_madeup2\",\"scope\":\"repo,gist\",\"token_type\":\"bearer\"}");
        granted(forEver, "gho_madeup2", "", Optional.empty());
        assertEquals(
                Optional.of("repo,gist"),
                assertInstanceOf(Granted.class, forEver).tokens().scope());
        assertEquals(Optional.empty(), here("github").lifeWhenUnsaid());
        assertEquals(new Refused("bad_refresh_token", true), refresh("github", 200, """
                        {"error":"bad_refresh_token","error_description":"The refresh token passed is incorrect or expired.",
                         "error_uri":"https://docs.example.test/errors"}"""));
        assertEquals(new Refused("bad_verification_code", false), exchange("github", 200, """
                        {"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"""));
        assertEquals(
                new Refused("redirect_uri_mismatch", false),
                exchange("github", 200, "{\"error\":\"redirect_uri_mismatch\"}"));
        var before = server.asked().size();
        ofClient(refresh("github", 200, """
                        {"error":"incorrect_client_credentials","error_description":"The client_id and/or client_secret passed are incorrect."}"""), before);
        before = server.asked().size();
        assertFalse(revoke("github", 200, "{}"), "it has no endpoint of RFC 7009");
        assertEquals(before, server.asked().size());
    }

    @Test
    void microsoft() {
        granted(exchange("microsoft", 200, """
                        {"token_type":"Bearer","scope":"User.Read profile openid","expires_in":5123,"ext_expires_in":5123,
                         "access_token":"eyMade.Up.1","refresh_token":"0.AXMade-Up_1","id_token":"e30.e30.e30"}"""), "eyMade.Up.1", "0.AXMade-Up_1", Optional.of(Duration.ofSeconds(5123)));
        assertTrue(server.asked().getFirst().body().endsWith(BY_POST));
        granted(refresh("microsoft", 200, """
                        {"token_type":"Bearer","scope":"User.Read","expires_in":"3599","ext_expires_in":"3599",
                         "access_token":"eyMade.Up.2","refresh_token":"0.AXMade-Up_2"}"""), "eyMade.Up.2", "0.AXMade-Up_2", Optional.of(Duration.ofSeconds(3599)));
        for (var over : List.of("invalid_grant", "interaction_required", "login_required", "consent_required")) {
            assertEquals(new Refused(over, true), refresh("microsoft", 400, microsoftError(over, 70_008)));
        }
        assertEquals(
                new Refused("invalid_scope", false),
                refresh("microsoft", 400, microsoftError("invalid_scope", 70_011)));
        assertInstanceOf(Failed.class, refresh("microsoft", 400, microsoftError("temporarily_unavailable", 90_006)));
        assertInstanceOf(Failed.class, refresh("microsoft", 503, microsoftError("temporarily_unavailable", 90_033)));
        var before = server.asked().size();
        ofClient(refresh("microsoft", 401, microsoftError("invalid_client", 7_000_215)), before);
        before = server.asked().size();
        assertFalse(revoke("microsoft", 200, "{}"), "it has no endpoint of RFC 7009");
        assertEquals(before, server.asked().size());
    }

    private static String microsoftError(String error, int code) {
        return """
                {"error":"%1$s","error_description":"AADSTS%2$d: Made up.\\r\\nTrace ID: 0\\r\\nTimestamp: 2026-11-22 12:00:00Z",
                 "error_codes":[%2$d],"timestamp":"2026-11-22 12:00:00Z","trace_id":"0","correlation_id":"0",
                 "error_uri":"https://login.example.test/error?code=%2$d","suberror":"basic_action"}""".formatted(error, code);
    }

    @Test
    void slack() {
        granted(
                exchange("slack", 200, """
                        {"ok":true,"app_id":"A0MADEUP","authed_user":{"id":"U0MADEUP"},"scope":"chat:write,commands",
                         "token_type":"bot","access_token":"xoxe.xoxb-1-made-up","bot_user_id":"U0BOT",
                         "refresh_token":"xoxe-1-made-up","expires_in":43200,"team":{"id":"T0","name":"Made up"},
                         "enterprise":null,"is_enterprise_install":false}"""),
                "xoxe.xoxb-1-made-up",
                "xoxe-1-made-up",
                Optional.of(Duration.ofHours(12)));
        assertTrue(server.asked().getFirst().body().endsWith(BY_POST));
        granted(refresh("slack", 200, """
                        {"ok":true,"access_token":"xoxe.xoxb-2-made-up","expires_in":43200,"refresh_token":"xoxe-2-made-up",
                         "token_type":"bot","scope":"commands","bot_user_id":"U0BOT","app_id":"A0MADEUP"}"""), "xoxe.xoxb-2-made-up", "xoxe-2-made-up", Optional.of(Duration.ofHours(12)));
        for (var over : List.of("invalid_refresh_token", "token_expired", "token_revoked", "account_inactive")) {
            assertEquals(new Refused(over, true), refresh("slack", 200, slackError(over)), over);
        }
        assertEquals(new Refused("invalid_code", false), exchange("slack", 200, slackError("invalid_code")));
        for (var later :
                List.of("internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited")) {
            assertInstanceOf(Failed.class, refresh("slack", 200, slackError(later)), later);
        }
        assertInstanceOf(Failed.class, refresh("slack", 200, "{\"ok\":false}"));
        for (var client : List.of("bad_client_secret", "invalid_client_id")) {
            var before = server.asked().size();
            ofClient(refresh("slack", 200, slackError(client)), before);
        }
        server.answers(json(429, slackError("ratelimited"), "Retry-After", "30"));
        assertEquals(
                Optional.of(Duration.ofSeconds(30)),
                assertInstanceOf(Failed.class, endpoint.refresh(here("slack"), CLIENT, TOKEN))
                        .retryAfter());
    }

    private static String slackError(String error) {
        return "{\"ok\":false,\"error\":\"" + error + "\"}";
    }

    @Test
    void definitionsAreThoseThatTheProvidersPublish() {
        assertEquals(
                Set.of("google", "github", "microsoft", "slack"),
                CONFIG.providers().keySet());
        var google = providers.get("google");
        assertEquals(Map.of("access_type", "offline", "prompt", "consent"), google.authorizationParameters());
        assertEquals(
                Optional.of(URI.create("https://oauth2.googleapis.com/revoke")),
                google.endpoints().revocation());
        assertEquals(Optional.of("https://accounts.google.com"), google.issuer());
        // Without it there is no refresh token.
        assertTrue(providers.get("microsoft").scopes().contains("offline_access"));
        assertEquals(",", providers.get("slack").scopeSeparator());
        assertEquals(" ", providers.get("github").scopeSeparator());
        for (var name : CONFIG.providers().keySet()) {
            var provider = providers.get(name);
            assertEquals(ClientAuthentication.CLIENT_SECRET_POST, provider.clientAuthentication(), name);
            assertTrue(provider.goneErrors().contains("invalid_grant"), name);
            assertTrue(provider.isTrusted(), name);
            assertEquals("https", provider.endpoints().token().getScheme(), name);
            assertEquals(
                    "https", provider.endpoints().authorization().orElseThrow().getScheme(), name);
        }
    }
}
