package dev.latchkey.gateways;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Instance;
import dev.latchkey.gateways.Client.Owner;
import dev.latchkey.local.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a gateway with our configuration promises, whatever its maker. It asks for {@code read:reports}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayContract {

    private static final Client CLIENT = new Client("127.0.0.1");

    private final Gateway.Program program;
    private final AutoCloseables opened = new AutoCloseables();
    private Application application = opened.add(Application.start());
    private String gateway = "";
    private Owner owner = new Owner(CLIENT, "", "", "");

    GatewayContract(Gateway.Program program) {
        this.program = program;
    }

    @BeforeAll
    void start() {
        // Fails, or is skipped, before the service is started for nothing.
        opened.add(Gateway.start(program, FreePort.choose(), application.port(), owner.tenantId()))
                .close();
        var instance = opened.add(Instance.start(Map.of(
                "latchkey.http.trusted-proxies", "127.0.0.1/32",
                "latchkey.limits.timeout", "10s",
                "latchkey.redis.timeout", "10s")));
        instance.awaitReady();
        owner = CLIENT.newOwner(instance.base());
        gateway = opened.add(Gateway.start(program, portOf(instance.base()), application.port(), owner.tenantId()))
                .base();
    }

    @AfterAll
    void stop() {
        opened.close();
    }

    @Test
    void whatIsAllowedReachesTheApplicationWithWhoItIsAndWithoutTheSecret() {
        var token = owner.newToken(Map.of("name", "a", "scopes", List.of("read:reports")));
        var text = token.path("token").asText();
        for (var credential : List.of(List.of("Authorization", "Bearer " + text), List.of("X-API-Key", text))) {
            var answer = CLIENT.get(gateway + "/orders?page=2", credential.getFirst(), credential.getLast());
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("the application", answer.body());
            var seen = application.seen().getLast();
            assertEquals("/orders?page=2", seen.uri());
            assertEquals(token.path("id").asText(), seen.header("X-Latchkey-Key-Id"));
            assertEquals(owner.tenantId(), seen.header("X-Latchkey-Tenant-Id"));
            assertEquals("api_token", seen.header("X-Latchkey-Kind"));
            assertEquals("read:reports", seen.header("X-Latchkey-Scopes"));
            assertTrue(seen.header("X-Latchkey-Owner").matches("[0-9a-f-]{36}"), seen.toString());
            assertTrue(!seen.toString().contains(text), "the secret reached the application");
        }
    }

    @Test
    void everyMethodIsGuardedAndItsBodyReachesTheApplicationWhole() {
        var token = owner.newToken("read:reports");
        for (var method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            var answer = CLIENT.send(
                    method, gateway + "/orders", "some text".repeat(5000), "Authorization", "Bearer " + token);
            assertEquals(200, answer.statusCode(), method + answer.body());
            assertEquals(method, application.seen().getLast().method());
            assertEquals("some text".repeat(5000), application.seen().getLast().body());
        }
        for (var method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")) {
            refused(401, CLIENT.send(method, gateway + "/orders", ""));
        }
        // As browsers ask before they call: no way in either.
        refused(
                401,
                CLIENT.send(
                        "OPTIONS",
                        gateway + "/orders",
                        "",
                        "Origin",
                        "https://example.com",
                        "Access-Control-Request-Method",
                        "POST"));
    }

    @Test
    void aCallOfABrowsersPageIsJudgedByItsCredentialOnly() {
        var answer = CLIENT.get(
                gateway + "/orders",
                "Authorization",
                "Bearer " + owner.newToken("read:reports"),
                "Origin",
                "https://example.com");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("https://example.com", application.seen().getLast().header("Origin"));
    }

    @Test
    void whatTheClientSaysOfItselfDoesNotReachTheApplication() {
        var answer = CLIENT.get(
                gateway + "/orders",
                "Authorization",
                "Bearer " + owner.newToken("read:reports"),
                "X-Latchkey-Tenant-Id",
                "spoofed",
                "x-latchkey-scopes",
                "spoofed",
                "X-Latchkey-Code",
                "spoofed",
                "X-Latchkey-Limits",
                "spoofed",
                "X_Latchkey_Tenant_Id",
                "spoofed",
                "X-Latchkey_Owner",
                "spoofed");
        assertEquals(200, answer.statusCode(), answer.body());
        var seen = application.seen().getLast();
        assertEquals(owner.tenantId(), seen.header("X-Latchkey-Tenant-Id"));
        assertTrue(!seen.toString().contains("spoofed"), seen.toString());
    }

    /** Fields that {@code Connection} names end at the next hop (RFC 9110, section 7.6.1), and ours come after the client's request. */
    @Test
    void theClientCannotHaveOurHeadersTakenAwayOnTheWay() throws IOException {
        var before = application.seen().size();
        var port = portOf(gateway);
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("GET /orders HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nX-API-Key: "
                                    + owner.newToken("read:reports")
                                    + "\r\nConnection: close, x-latchkey-tenant-id\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 "), answer);
        }
        for (var seen : application.seen().subList(before, application.seen().size())) {
            assertEquals(owner.tenantId(), seen.header("X-Latchkey-Tenant-Id"));
        }
    }

    @Test
    void whatTheClientAsksForInItsQueryChangesNothing() {
        var other = CLIENT.newOwner(owner.latchkey());
        var query = "?tenant=" + other.tenantId() + "&scope=read:audits&too_many=429";
        refused(401, CLIENT.get(gateway + "/orders" + query, "X-API-Key", other.newToken("read:reports")));
        refused(403, CLIENT.get(gateway + "/orders" + query, "X-API-Key", owner.newToken("read:audits")));
        assertEquals(
                200,
                CLIENT.get(gateway + "/orders" + query, "X-API-Key", owner.newToken("read:reports"))
                        .statusCode());
    }

    @Test
    void whoHasNoCredentialIsToldHowToComeWithOne() {
        var answer = refused(401, CLIENT.get(gateway + "/orders"));
        assertEquals(List.of("Bearer realm=\"latchkey\""), answer.headers().allValues("WWW-Authenticate"));
    }

    @Test
    void whoLacksTheScopeIsRefused() {
        var answer = refused(403, CLIENT.get(gateway + "/orders", "X-API-Key", owner.newToken("read:audits")));
        var challenge = answer.headers().firstValue("WWW-Authenticate").orElse("");
        assertTrue(
                challenge.endsWith("error=\"insufficient_scope\", error_description=\"The credential lacks a scope "
                        + "that is needed here\", scope=\"read:reports\""),
                challenge);
    }

    @Test
    void whoseLimitIsUsedUpIsToldWhenToComeBack() {
        var token = owner.newToken(
                        Map.of("name", "a", "scopes", List.of("read:reports"), "rate_limits", Map.of("per_minute", 2)))
                .path("token")
                .asText();
        assertEquals(200, CLIENT.get(gateway + "/orders", "X-API-Key", token).statusCode());
        assertEquals(200, CLIENT.get(gateway + "/orders", "X-API-Key", token).statusCode());
        var answer = refused(429, CLIENT.get(gateway + "/orders", "X-API-Key", token));
        var seconds =
                Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(seconds >= 1 && seconds <= 60, "Retry-After " + seconds);
        assertTrue(answer.headers().firstValue("RateLimit").orElse("").startsWith("\"minute\";r=0;t="));
        assertTrue(answer.headers().firstValue("RateLimit-Policy").orElse("").startsWith("\"minute\";q=2;w=60"));
        assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty());
    }

    @Test
    void aRevokedTokenIsRefusedAtOnce() {
        var token = owner.newToken(Map.of("name", "a", "scopes", List.of("read:reports")));
        var text = token.path("token").asText();
        assertEquals(200, CLIENT.get(gateway + "/orders", "X-API-Key", text).statusCode());
        owner.revoke(token);
        refused(401, CLIENT.get(gateway + "/orders", "X-API-Key", text));
    }

    @Test
    void anotherTenantsTokenIsRefusedAndSoAreTwoCredentialsAtOnce() {
        refused(
                401,
                CLIENT.get(
                        gateway + "/orders",
                        "X-API-Key",
                        CLIENT.newOwner(owner.latchkey()).newToken("read:reports")));
        var token = owner.newToken("read:reports");
        refused(400, CLIENT.get(gateway + "/orders", "X-API-Key", token, "Authorization", "Bearer " + token));
    }

    @Test
    void anAddressIsTheOneThatTheClientCallsFromWhateverItSays() {
        var token = owner.newToken(Map.of(
                        "name", "a", "scopes", List.of("read:reports"), "allowed_cidrs", List.of("127.0.0.2/32")))
                .path("token")
                .asText();
        assertEquals(
                200,
                new Client("127.0.0.2")
                        .get(gateway + "/orders", "X-API-Key", token)
                        .statusCode());
        var elsewhere = new Client("127.0.0.3");
        for (var spoofed : List.of("127.0.0.2", "127.0.0.2, 127.0.0.2", "127.0.0.2, 127.0.0.1")) {
            refused(403, elsewhere.get(gateway + "/orders", "X-API-Key", token, "X-Forwarded-For", spoofed));
        }
        refused(403, elsewhere.get(gateway + "/orders", "X-API-Key", token, "Forwarded", "for=127.0.0.2"));
        refused(403, elsewhere.get(gateway + "/orders", "X-API-Key", token, "X-Real-IP", "127.0.0.2"));
    }

    @Test
    void nothingPassesWhileLatchkeyIsAwayOrSaysNothing() throws IOException {
        var token = owner.newToken("read:reports");
        try (var away = Gateway.start(program, FreePort.choose(), application.port(), owner.tenantId());
                var silence = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                var stuck = Gateway.start(program, silence.getLocalPort(), application.port(), owner.tenantId())) {
            for (var broken : List.of(away, stuck)) {
                var before = application.seen().size();
                var answer = CLIENT.get(broken.base() + "/orders", "X-API-Key", token);
                assertTrue(answer.statusCode() >= 502 && answer.statusCode() <= 504, "status " + answer.statusCode());
                assertEquals(before, application.seen().size(), "reached the application");
            }
        }
    }

    @Test
    void noSecretIsInTheGatewaysLog() {
        var token = owner.newToken("read:audits");
        try (var away = Gateway.start(program, FreePort.choose(), application.port(), owner.tenantId())) {
            CLIENT.get(away.base() + "/orders", "X-API-Key", token);
            CLIENT.get(away.base() + "/orders", "Authorization", "Bearer " + token);
            assertTrue(!away.log().contains(token), away.log());
        }
    }

    private HttpResponse<String> refused(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(!answer.body().contains("the application"), "reached the application");
        return answer;
    }

    private static int portOf(String url) {
        return URI.create(url).getPort();
    }
}
