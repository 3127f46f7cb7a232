package dev.latchkey.oauthimport;

import static dev.latchkey.oauthimport.ImportLine.CANARY;
import static dev.latchkey.provider.FaultServer.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Tables;
import dev.latchkey.provider.FaultServer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of another service's clients and tokens: taken whole and once, or not at all. */
@QuarkusTest
class OauthImportTest {

    private static final String BASE = "/token-management";
    private static final String PAST = "2024-01-02T05:00:00";

    private FaultServer server;
    private Someone user;

    @BeforeEach
    void aProviderThatWorks() throws IOException {
        server = new FaultServer();
        server.answers((exchange, body) -> {
            var answer = exchange.getRequestURI().getPath().endsWith("/token")
                    ? "{\"access_token\":\"refreshed\",\"expires_in\":3600}"
                    : """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token"}""".formatted(server.uri(""));
            json(200, answer).to(exchange, body);
        });
        user = Api.newUser();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Response send(Map<String, ?> parameters, Object... lines) {
        var document = Arrays.stream(lines).map(Object::toString).collect(Collectors.joining());
        var answer = user.calls()
                .contentType("application/x-ndjson")
                .body(document.getBytes(UTF_8))
                .queryParams(parameters)
                .post(BASE + "/migration/import");
        assertFalse(answer.asString().contains(CANARY), answer::asString);
        return answer;
    }

    private Response send(Object... lines) {
        return send(Map.of("provider", "oidc:" + server.uri("")), lines);
    }

    private static void assertImported(Response answer, int imported, int skipped) {
        answer.then().statusCode(200).body("imported", equalTo(imported)).body("skipped", equalTo(skipped));
    }

    private Response token(ImportLine line) {
        return token(user, line);
    }

    private static Response token(Someone user, ImportLine line) {
        return user.calls().get(BASE + "/tokens/" + line.name());
    }

    private Response client(ImportLine line) {
        return user.calls().get(BASE + "/clients/" + line.columns().get("client_id"));
    }

    private static String in(Duration time) {
        return LocalDateTime.ofInstant(Instant.now().plus(time).truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC)
                .toString();
    }

    private List<String> actions(String like) {
        return Tables.values(
                "select action || ' ' || coalesce(details->>'reason', '') from audit_log where tenant_id = '"
                        + user.tenantId() + "' and action like '" + like + "' order by action");
    }

    private int refreshes() {
        return (int) server.asked().stream()
                .filter(asked -> asked.body().contains("grant_type=refresh_token"))
                .count();
    }

    @Test
    void aTokenWithLifeLeftIsServedAsItWasAndWithAllThatWasKnownOfItsClient() {
        var end = in(Duration.ofMinutes(55));
        var refreshed = in(Duration.ofMinutes(-5));
        var line = ImportLine.fresh().withToken(end).withToken("last_refreshed_at", refreshed);
        token(line).then().statusCode(404);
        assertImported(send(line), 1, 0);
        token(line)
                .then()
                .statusCode(200)
                .body("access_token", equalTo(line.access()))
                .body("token_type", equalTo("Bearer"))
                .body("scope", equalTo("openid email"))
                .body("state", equalTo("connected"));
        assertEquals(Instant.parse(end + "Z"), Instant.parse(token(line).path("expires_at")));
        assertEquals(Instant.parse(refreshed + "Z"), Instant.parse(token(line).path("last_refreshed_at")));
        client(line)
                .then()
                .statusCode(200)
                .body("client_oauth_id", equalTo(line.name() + ".apps.example.test"))
                .body("provider", equalTo("oidc:" + server.uri("")))
                .body("email", equalTo("ops@example.test"))
                .body("workspace_name", equalTo("Example"))
                .body("is_active", equalTo(true))
                .body("secrets", equalTo(1))
                .body("created_at", equalTo("2024-01-02T03:04:05.123456Z"))
                .body("updated_at", equalTo("2024-02-03T02:05:06Z"));
        assertEquals(List.of("oauth_client.created ", "oauth_client.imported "), actions("oauth_client.%"));
        assertEquals(List.of("oauth_grant.connected imported"), actions("oauth_grant.%"));
        var due = Tables.value("select extract(epoch from due_at - now())::bigint from oauth_grants where tenant_id = '"
                + user.tenantId() + "'");
        // At four fifths of an hour that began five minutes ago.
        assertTrue(Math.abs(Long.parseLong(due) - 43 * 60) < 4 * 60, due);
        assertEquals(0, refreshes());
    }

    @Test
    void theProviderIsGoogleUnlessSaidOtherwiseAndLoginsAskForWhatTheyDid() {
        var plain = ImportLine.fresh();
        var scoped = ImportLine.fresh().with("scope", "openid https://example.test/auth/mail");
        assertImported(send(Map.of(), plain, scoped), 2, 0);
        client(plain)
                .then()
                .body("provider", equalTo("google"))
                .body("scopes", equalTo(List.of("openid", "email", "profile")));
        client(scoped).then().body("scopes", equalTo(List.of("openid", "https://example.test/auth/mail")));
        Api.anonymous()
                .redirects()
                .follow(false)
                .get(BASE + "/oauth/login/" + scoped.columns().get("client_id"))
                .then()
                .statusCode(302)
                .header("Location", containsString("scope=openid+https%3A%2F%2Fexample.test%2Fauth%2Fmail&"));
        for (var unknown : List.of("nobody", "oidc:", "oidc:ftp://example.test")) {
            send(Map.of("provider", unknown), ImportLine.fresh())
                    .then()
                    .statusCode(422)
                    .body("errors.field", hasItem("provider"));
        }
    }

    @Test
    void whatHasEndedIsRefreshedAtOnceThoughNobodyAsks() {
        var line = ImportLine.fresh().withToken(PAST);
        assertImported(send(line), 1, 0);
        Eventually.within(10, () -> assertEquals(1, refreshes()));
        assertTrue(server.asked().stream()
                .anyMatch(asked -> asked.body().contains("refresh_token=" + CANARY + "-refresh-" + line.name())));
        Eventually.within(5, () -> token(line)
                .then()
                .statusCode(200)
                .body("access_token", equalTo("refreshed"))
                .body("state", equalTo("connected")));
    }

    @Test
    void whatHasEndedAndCannotBeRefreshedNeedsALogin() {
        var line = ImportLine.fresh().withToken(PAST).withToken("refresh_token", null);
        assertImported(send(line), 1, 0);
        token(line)
                .then()
                .statusCode(409)
                .body("code", equalTo("reauthorization_required"))
                .body("reason", equalTo("no_refresh_token"));
        assertEquals(List.of("oauth_grant.reauthorization_required imported"), actions("oauth_grant.%"));
        assertEquals(0, refreshes());
    }

    @Test
    void aTokenOfWhichNobodyKnowsWhenItEndsIsServedAndRefreshedIfItCanBe() {
        var lasting = ImportLine.fresh().withToken(null).withToken("refresh_token", null);
        var refreshable = ImportLine.fresh().withToken(null);
        assertImported(send(lasting, refreshable), 2, 0);
        token(refreshable).then().statusCode(200);
        Eventually.within(10, () -> token(refreshable).then().body("access_token", equalTo("refreshed")));
        token(lasting)
                .then()
                .statusCode(200)
                .body("access_token", equalTo(lasting.access()))
                .body("expires_at", nullValue());
        assertEquals(1, refreshes());
    }

    @Test
    void whatHasNoTokenIsNotConnectedAndWhatIsInactiveStaysSo() {
        var bare = ImportLine.fresh().with("token", null).without("is_active").without("created_at");
        var inactive = ImportLine.fresh().with("is_active", false).withToken(in(Duration.ofHours(1)));
        assertImported(send(bare, "\n", inactive), 2, 0);
        token(bare).then().statusCode(409).body("code", equalTo("not_connected"));
        client(bare).then().body("is_active", equalTo(true));
        token(inactive).then().statusCode(409).body("code", equalTo("not_connected"));
        client(inactive).then().body("is_active", equalTo(false));
        user.calls()
                .body(Map.of("is_active", true))
                .patch(BASE + "/clients/" + inactive.columns().get("client_id"))
                .then()
                .statusCode(200);
        token(inactive).then().statusCode(200).body("access_token", equalTo(inactive.access()));
    }

    @Test
    void aDryRunStoresNothingAndWhatIsHereAlreadyIsLeftAlone() {
        var first = ImportLine.fresh().withToken(in(Duration.ofHours(1)));
        var later = ImportLine.fresh();
        send(Map.of("dry_run", true), first)
                .then()
                .statusCode(200)
                .body("imported", equalTo(1))
                .body("dry_run", equalTo(true));
        token(first).then().statusCode(404);
        assertEquals(List.of(), actions("oauth_%"));
        assertImported(send(first), 1, 0);
        var known = first.access();
        first.with("workspace_name", "Another").withToken("access_token", "another");
        assertImported(send(first, later), 1, 1);
        assertImported(send(first, later), 0, 2);
        token(first).then().statusCode(200).body("access_token", equalTo(known));
        client(first).then().body("workspace_name", equalTo("Example"));
        assertEquals(2, actions("oauth_client.imported").size());
    }

    @Test
    void whatConflictsWithAClientThatIsHereIsNamedAndNothingIsStored() {
        var here = ImportLine.fresh();
        assertImported(send(here), 1, 0);
        var good = ImportLine.fresh().withToken(in(Duration.ofHours(1)));
        var sameClient = ImportLine.fresh().with("client_id", here.columns().get("client_id"));
        var sameBranch = ImportLine.fresh().with("branch_id", here.name());
        send(good, sameClient, sameBranch)
                .then()
                .statusCode(409)
                .body("code", equalTo("conflict"))
                .body("errors.field", equalTo(List.of("line 2.client_id", "line 3.branch_id")));
        send(Map.of("dry_run", true), sameBranch).then().statusCode(409);
        user.calls().get(BASE + "/clients").then().body("items", hasSize(1));
        token(good).then().statusCode(404);
        // What another tenant has is in nobody's way, and shown to nobody else.
        var owner = user;
        user = Api.newUser();
        assertImported(send(good, sameClient, sameBranch), 3, 0);
        token(owner, good).then().statusCode(404);
        token(good).then().statusCode(200);
    }

    @Test
    void eachColumnIsCheckedAsThatOfAClientWhichIsRegistered() {
        for (var needed : List.of("client_id", "redirect_uri", "branch_id", "workspace_email", "workspace_name")) {
            refuses(ImportLine.fresh().without(needed), needed);
            refuses(ImportLine.fresh().with(needed, ""), needed);
            refuses(ImportLine.fresh().with(needed, 5), needed);
        }
        wrong("client_id", "a b", "x".repeat(256), "line\nbreak", "\u00FC");
        wrong("client_secret", "", "x".repeat(8193), List.of());
        wrong("redirect_uri", "http://example.test/", "https://*.example.test/", "https://u@example.test/", "x y");
        wrong("branch_id", "a/b", "a\\b", " ", "a\u0000b", "x".repeat(256));
        wrong("workspace_email", "nobody", "a b@example.test");
        wrong("workspace_name", "x".repeat(256), "\u202Eevil");
        wrong("scope", "\u00FC", "x ".repeat(65), List.of("openid"));
        wrong("is_active", "true", 1);
        for (var time : List.of("created_at", "updated_at")) {
            wrong(time, "yesterday", "2024-13-01T00:00:00", "infinity", "", "1969-12-31T23:59:59Z", 1700000000);
        }
        wrong("token", "x", List.of());
        wrong("id", 5);
    }

    private void wrong(String column, Object... values) {
        for (var value : values) {
            refuses(ImportLine.fresh().with(column, value), column);
        }
    }

    @Test
    void eachColumnOfATokenIsChecked() {
        for (var name : List.of("access_token", "refresh_token")) {
            wrongToken(name, "", "x".repeat(16_385), "line\nbreak", 5);
        }
        wrongToken("access_token", (Object) null);
        wrongToken("token_type", "", "x".repeat(101), "a\u0000b", List.of());
        wrongToken("scope", " ", "x".repeat(16_385), "a\u0000b", 5);
        for (var time : List.of("created_at", "expires_at", "last_refreshed_at")) {
            wrongToken(time, "soon", "-infinity", "", "+10000-01-01T00:00:00Z", "2024-01-01", 5);
        }
        wrongToken("client_id", 7);
    }

    private void wrongToken(String column, @Nullable Object... values) {
        for (var value : values) {
            refuses(ImportLine.fresh().withToken(PAST).withToken(column, value), "token." + column);
        }
    }

    private void refuses(ImportLine line, String column) {
        var good = ImportLine.fresh();
        var answer = send(good, line);
        assertEquals(422, answer.statusCode(), () -> line + answer.asString());
        assertTrue(
                answer.jsonPath().getList("errors.field", String.class).contains("line 2." + column),
                () -> line + answer.asString());
        assertFalse(
                answer.jsonPath().getList("errors.field", String.class).stream()
                        .anyMatch(field -> field.startsWith("line 1")),
                answer::asString);
        client(good).then().statusCode(404);
    }

    @Test
    void aClientAndABranchStandOnceInADocument() {
        var line = ImportLine.fresh();
        send(line, ImportLine.fresh().with("client_id", line.columns().get("client_id")))
                .then()
                .statusCode(422)
                .body("errors.field", equalTo(List.of("line 2.client_id")));
        send(line, ImportLine.fresh(), ImportLine.fresh().with("branch_id", line.name()))
                .then()
                .statusCode(422)
                .body("errors.field", equalTo(List.of("line 3.branch_id")));
        send(line, line).then().statusCode(422);
        client(line).then().statusCode(404);
    }

    @Test
    void whatIsNoDocumentOfClientsIsRefused() {
        var good = ImportLine.fresh();
        for (var line : List.of(
                "null",
                "{",
                "[]",
                "5",
                "\"" + CANARY + "\"",
                "{} {}",
                "{\"a\":",
                CANARY,
                "\u0000",
                "{\"client_secret\":\"" + CANARY + "\",\"client_secret\":\"" + CANARY + "\"}")) {
            send(good, line).then().statusCode(422).body("errors.field", hasItem(containsString("line 2")));
        }
        for (var document : List.of("", "\n\n")) {
            send(document).then().statusCode(422);
        }
        send("{}\n".repeat(500)).then().statusCode(422).body("errors", hasSize(100));
        send(IntStream.range(0, 501).mapToObj(i -> ImportLine.of("x" + i)).toArray())
                .then()
                .statusCode(422);
        send(ImportLine.fresh().with("workspace_name", "x".repeat(1024 * 1024)))
                .then()
                .statusCode(413);
        user.calls().body("{}").post(BASE + "/migration/import").then().statusCode(415);
        client(good).then().statusCode(404);
        user.calls().get(BASE + "/clients").then().body("items", hasSize(0));
    }

    @Test
    void asManyAsADocumentMayHaveAreTaken() {
        var lines = IntStream.range(0, 500)
                .mapToObj(i -> ImportLine.of(Api.uniqueName()).withToken(in(Duration.ofHours(1))))
                .toArray(ImportLine[]::new);
        assertImported(send((Object[]) lines), 500, 0);
        token(lines[499]).then().statusCode(200).body("access_token", equalTo(lines[499].access()));
        assertImported(send((Object[]) lines), 0, 500);
    }

    @Test
    void secretsAreSealedAndStandNowhereElse() {
        var line = ImportLine.fresh().withToken(in(Duration.ofHours(1)));
        assertImported(send(line), 1, 0);
        for (var table : Tables.values("select tablename from pg_tables where schemaname = 'public'")) {
            var shown = Tables.value("select count(*) from " + table + " t where t::text like '%" + CANARY + "-%"
                    + line.name() + "%' or t::text like '%' || encode('" + line.access() + "', 'hex') || '%'");
            assertEquals("0", shown, table);
        }
    }
}
