package dev.latchkey.oauthimport;

import static dev.latchkey.oauthimport.ImportLine.CANARY;
import static dev.latchkey.provider.FaultServer.json;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.ImportScript;
import dev.latchkey.api.ImportScript.Run;
import dev.latchkey.api.OtherDatabase;
import dev.latchkey.oauth.AnyIssuer;
import dev.latchkey.provider.FaultServer;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/import-s2.sh} as an operator runs it, from a database as S2 has one into the packaged service. */
@QuarkusIntegrationTest
@TestProfile(AnyIssuer.class)
class S2ScriptIT {

    // As S2 has them.
    private static final String TABLES = """
            create table clients (
                id serial primary key, client_id varchar(255) not null unique, client_secret varchar(255) not null,
                redirect_uri varchar(500) not null, branch_id varchar(100) not null, workspace_email varchar(255), workspace_name varchar(255),
                is_active boolean default true, created_at timestamp default now(), updated_at timestamp with time zone default now());
            create table tokens (
                id serial primary key, client_id integer not null references clients (id), access_token text not null, refresh_token text,
                token_type varchar(50) default 'Bearer', scope text, expires_at timestamp, is_valid boolean default true,
                is_revoked boolean default false, last_refreshed_at timestamp, created_at timestamp default now())""";

    private static final String CLIENTS = """
            insert into clients (client_id, client_secret, redirect_uri, branch_id, workspace_email, workspace_name, is_active)
            select name || '.apps.example.test', '%1$s-secret', 'https://keys.example.test/callback', name, 'ops@example.test',
                E'B\\u00FCro "Nord" \\\\ \\u2615', nullif(name, 'off') is not null or null
            from unnest(array['north', 'south', 'east', 'west', 'off']) as name""".formatted(CANARY);

    // Of north the newest that is live stands between others; of south it has ended; of east all were revoked.
    private static final String TOKENS = """
            insert into tokens (client_id, access_token, refresh_token, scope, expires_at, is_valid, is_revoked, last_refreshed_at, created_at)
            select clients.id, '%1$s-' || access, refresh, scope, ends, is_valid, is_revoked, refreshed, created from (values
                ('north', 'older', 'r1', 'openid', now() + interval '2 hours', true, false, null, now() - interval '3 days'),
                ('north', 'live', '', 'openid email', now() + interval '2 hours', true, false, now() - interval '1 minute', now() - interval '2 days'),
                ('north', 'void', 'r3', 'openid', now() + interval '2 hours', false, false, null, now() - interval '1 day'),
                ('north', 'revoked', 'r4', 'openid', now() + interval '2 hours', true, true, null, now()),
                ('south', 'ended', '%1$s-south', 'openid', now() - interval '2 hours', true, null, null, now() - interval '3 hours'),
                ('east', 'revoked', 'r5', 'openid drive', now() + interval '2 hours', true, true, null, now()),
                ('off', 'live', 'r6', null, now() + interval '2 hours', true, false, null, now())
            ) as t (branch, access, refresh, scope, ends, is_valid, is_revoked, refreshed, created)
            join clients on branch_id = branch""".formatted(CANARY);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Someone user = Api.NOBODY;
    private String token = "";

    @BeforeEach
    void anAdministrator() {
        ImportScript.assumePrograms();
        user = Api.newUser();
        token = Api.newToken(user, "admin:tenant");
    }

    private Run run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return new ImportScript("import-s2.sh", folder, List.of(CANARY)).run(token, environment, arguments);
    }

    private String called() throws IOException {
        return ImportScript.called(folder);
    }

    private static String here() {
        return "http://localhost:" + RestAssured.port;
    }

    private Response get(String path) {
        return user.calls().get("/token-management/" + path);
    }

    @Test
    void allClientsAndTheirLiveTokensComeOverOnce() throws IOException, InterruptedException {
        var s2 = OtherDatabase.create("s2_whole", TABLES);
        s2.execute(CLIENTS);
        s2.execute(TOKENS);
        s2.execute("""
                insert into clients (client_id, client_secret, redirect_uri, branch_id, workspace_email, workspace_name)
                select 'c' || i, '%1$s', 'https://keys.example.test/callback', 'b' || i, 'ops@example.test', 'x' from generate_series(1, 600) as i
                """.formatted(CANARY));
        try (var server = new FaultServer()) {
            server.answers(
                    (exchange, body) -> json(200, """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token","access_token":"fresh"}""".formatted(server.uri(""))).to(exchange, body));
            var from = Map.of("S2_DATABASE", s2.url());
            var provider = "oidc:" + server.uri("");
            var tried = run(from, "--dry-run", "--provider", provider, here());
            assertEquals(new Run(0, "605 clients: 605 can be imported, 0 here already\n"), tried);
            get("clients").then().body("items", hasSize(0));
            var imported = run(from, "--provider", provider, here() + "/");
            assertEquals(0, imported.status(), imported.output());
            assertTrue(imported.output().endsWith("605 clients: 605 imported, 0 here already\n"), imported.output());
            var again = run(s2.variables(), here(), "--provider", provider);
            assertTrue(again.output().endsWith("605 clients: 0 imported, 605 here already\n"), again.output());
            isAllThere(server);
        }
        // What was looked through for secrets is what was called.
        assertTrue(called().contains("/token-management/migration/import"));
        assertTrue(called().contains("/s2_whole"));
    }

    private void isAllThere(FaultServer server) {
        get("tokens/north")
                .then()
                .statusCode(200)
                .body("access_token", equalTo(CANARY + "-live"))
                .body("scope", equalTo("openid email"));
        get("clients/north.apps.example.test")
                .then()
                .body("workspace_name", equalTo("B\u00FCro \"Nord\" \\ \u2615"))
                .body("scopes", equalTo(List.of("openid")))
                .body("secrets", equalTo(1));
        Eventually.within(15, () -> get("tokens/south").then().body("access_token", equalTo("fresh")));
        assertTrue(
                server.asked().stream().anyMatch(asked -> asked.body().contains("refresh_token=" + CANARY + "-south")));
        for (var branch : List.of("east", "west", "off", "b600")) {
            get("tokens/" + branch).then().statusCode(409).body("code", equalTo("not_connected"));
        }
        get("clients/east.apps.example.test").then().body("scopes", equalTo(List.of("openid", "drive")));
        get("clients/off.apps.example.test").then().body("is_active", equalTo(false));
    }

    @Test
    void oneBadRowIsNamedAndNothingIsImported() throws IOException, InterruptedException {
        var s2 = OtherDatabase.create("s2_bad", TABLES);
        s2.execute(CLIENTS);
        s2.execute("update clients set redirect_uri = 'http://%s.example.test/' where branch_id = 'south'"
                .formatted(CANARY));
        var run = run(s2.variables(), here());
        assertEquals(1, run.status(), run.output());
        assertTrue(run.output().contains("line 2.redirect_uri"), run.output());
        get("clients").then().body("items", hasSize(0));
    }

    @Test
    void whatCannotBeTriedIsToldApart() throws IOException, InterruptedException {
        var s2 = OtherDatabase.create("s2_none", TABLES);
        s2.execute(CLIENTS);
        assertEquals(2, run(s2.variables(), "http://localhost:1").status());
        assertEquals(
                2,
                run(Map.of("PGHOST", "localhost", "PGPORT", "1", "PGDATABASE", "x"), here())
                        .status());
        assertEquals(2, run(s2.variables()).status());
        assertEquals(2, run(Map.of("LATCHKEY_TOKEN", "a\nb"), here()).status());
        assertEquals(
                2,
                run(Map.of("S2_DATABASE", "postgresql://localhost/x?password=" + CANARY), here())
                        .status());
        s2.execute("alter table tokens drop column scope");
        assertEquals(2, run(s2.variables(), here()).status());
        get("clients").then().body("items", hasSize(0));
        token = Api.newToken(user, "read:connections");
        s2.execute("alter table tokens add column scope text");
        var refused = run(s2.variables(), here());
        assertEquals(1, refused.status(), refused.output());
        assertTrue(refused.output().contains("insufficient_scope"), refused.output());
    }
}
