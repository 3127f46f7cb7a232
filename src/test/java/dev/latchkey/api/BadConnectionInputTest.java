package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the calls on OAuth clients and connections refuse, field by field. */
@QuarkusTest
class BadConnectionInputTest {

    private static final String BASE = "/token-management";
    private static final String CLIENTS = BASE + "/clients";
    private static final Map<String, String> VALID = valid();

    private static Map<String, String> valid() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("client_id", "\"1234.apps.example.test\"");
        fields.put("client_secret", "\"a secret\"");
        fields.put("redirect_uri", "\"https://keys.example.test/token-management/auth/callback\"");
        fields.put("branch_id", "\"north\"");
        fields.put("workspace_email", "\"desk@example.test\"");
        fields.put("workspace_name", "\"The desk\"");
        return fields;
    }

    private static Response register(Someone user, String branch) {
        var fields = new LinkedHashMap<String, Object>();
        VALID.forEach((name, json) -> fields.put(name, json.substring(1, json.length() - 1)));
        fields.put("client_id", Api.uniqueName());
        fields.put("branch_id", branch);
        return user.calls().body(fields).post(CLIENTS);
    }

    @Test
    void registrationRefusesEachBadNameAndSecret() {
        new Refusals("POST", CLIENTS, newUser()::calls).ofFields(VALID, """
                client_id       | (missing)              | 422 | client_id
                client_id       | null                   | 422 | client_id
                client_id       | 5                      | 400 | client_id
                client_id       | ["a"]                  | 400 | client_id
                client_id       | {}                     | 400 | client_id
                client_id       | true                   | 400 | client_id
                client_id       | " "                    | 422 | client_id
                client_id       | "a b"                  | 422 | client_id
                client_id       | "a\\u0000b"            | 422 | client_id
                client_id       | "a\\nb"                | 422 | client_id
                client_id       | "ü"                    | 422 | client_id
                client_id       | "a\\ud800"             | 422 | client_id
                client_id       | "<256a>"               | 422 | client_id
                client_secret   | 5                      | 400 | client_secret
                client_secret   | {"kty":"EC"}           | 400 | client_secret
                client_secret   | []                     | 400 | client_secret
                client_secret   | ""                     | 422 | client_secret
                client_secret   | "a\\ud800"             | 422 | client_secret
                client_secret   | "<8193a>"              | 422 | client_secret
                client_authentication | "basic"                                    | 422 | client_authentication
                client_authentication | ""                                         | 422 | client_authentication
                client_authentication | "CLIENT_SECRET_POST"                       | 422 | client_authentication
                client_authentication | "client_secret_jwt"                        | 422 | client_authentication
                client_authentication | "none"                                     | 422 | client_authentication
                client_authentication | 0                                          | 400 | client_authentication
                client_authentication | ["private_key_jwt"]                        | 400 | client_authentication
                client_authentication | true                                       | 400 | client_authentication
                client_authentication | "private_key_jwt"                          | 422 | client_secret
                branch_id       | (missing)              | 422 | branch_id
                branch_id       | null                   | 422 | branch_id
                branch_id       | 5                      | 400 | branch_id
                branch_id       | []                     | 400 | branch_id
                branch_id       | ""                     | 422 | branch_id
                branch_id       | "  "                   | 422 | branch_id
                branch_id       | "a/b"                  | 422 | branch_id
                branch_id       | "a\\\\b"               | 422 | branch_id
                branch_id       | "."                    | 422 | branch_id
                branch_id       | ".."                   | 422 | branch_id
                branch_id       | "a\\u0000b"            | 422 | branch_id
                branch_id       | "a\\ud800"             | 422 | branch_id
                branch_id       | "\\u202egnp.exe"       | 422 | branch_id
                branch_id       | "<256a>"               | 422 | branch_id
                workspace_name  | (missing)              | 422 | workspace_name
                workspace_name  | null                   | 422 | workspace_name
                workspace_name  | 5                      | 400 | workspace_name
                workspace_name  | ""                     | 422 | workspace_name
                workspace_name  | "\\t"                  | 422 | workspace_name
                workspace_name  | "a\\u0007"             | 422 | workspace_name
                workspace_name  | "a\\ud800"             | 422 | workspace_name
                workspace_name  | "\\u202egnp.exe"       | 422 | workspace_name
                workspace_name  | "<256a>"               | 422 | workspace_name
                workspace_email | (missing)              | 422 | workspace_email
                workspace_email | null                   | 422 | workspace_email
                workspace_email | 5                      | 400 | workspace_email
                workspace_email | ""                     | 422 | workspace_email
                workspace_email | "nobody"               | 422 | workspace_email
                workspace_email | "a@b@example.test"     | 422 | workspace_email
                workspace_email | "a b@example.test"     | 422 | workspace_email
                workspace_email | "a@example.test\\n"    | 422 | workspace_email
                workspace_email | "a\\u0000@example.test"| 422 | workspace_email
                number          | 5                      | 400 | number
                tenant_id       | "x"                    | 400 | tenant_id
                is_active       | true                   | 400 | is_active
                keep_old_secrets| true                   | 400 | keep_old_secrets
                email           | "a@example.test"       | 400 | email
                """);
    }

    @Test
    void registrationRefusesEachBadAddressProviderAndScope() {
        new Refusals("POST", CLIENTS, newUser()::calls).ofFields(VALID, """
                redirect_uri | (missing)                                     | 422 | redirect_uri
                redirect_uri | null                                          | 422 | redirect_uri
                redirect_uri | 5                                             | 400 | redirect_uri
                redirect_uri | ["https://example.test/"]                     | 400 | redirect_uri
                redirect_uri | ""                                            | 422 | redirect_uri
                redirect_uri | " "                                           | 422 | redirect_uri
                redirect_uri | "/callback"                                   | 422 | redirect_uri
                redirect_uri | "//example.test/callback"                     | 422 | redirect_uri
                redirect_uri | "https:callback"                              | 422 | redirect_uri
                redirect_uri | "https:///callback"                           | 422 | redirect_uri
                redirect_uri | "http://example.test/callback"                | 422 | redirect_uri
                redirect_uri | "http://127.0.0.1.example.test/callback"      | 422 | redirect_uri
                redirect_uri | "http://localhost@example.test/callback"      | 422 | redirect_uri
                redirect_uri | "ftp://example.test/callback"                 | 422 | redirect_uri
                redirect_uri | "javascript:alert(1)"                         | 422 | redirect_uri
                redirect_uri | "data:text/html,x"                            | 422 | redirect_uri
                redirect_uri | "myapp://callback"                            | 422 | redirect_uri
                redirect_uri | "https://example.test/callback#"              | 422 | redirect_uri
                redirect_uri | "https://example.test/*"                      | 422 | redirect_uri
                redirect_uri | "https://user:pass@example.test/callback"     | 422 | redirect_uri
                redirect_uri | "https://example.test:65536/callback"         | 422 | redirect_uri
                redirect_uri | "https://example.test/\\u0000"                | 422 | redirect_uri
                redirect_uri | "https://example.test/\\r\\nSet-Cookie: a=b"  | 422 | redirect_uri
                redirect_uri | "https://example.test/a b"                    | 422 | redirect_uri
                redirect_uri | "https://example.test/%zz"                    | 422 | redirect_uri
                redirect_uri | "https://example.test/ü"                      | 422 | redirect_uri
                redirect_uri | "https://example.test/\\ud800"                | 422 | redirect_uri
                redirect_uri | "https://ex\\u0430mple.test/callback"         | 422 | redirect_uri
                redirect_uri | "https://example.test/<2048a>"                | 422 | redirect_uri
                redirect_uri | "https://example.test/<5000a>"                | 422 | redirect_uri
                provider     | 5                                             | 400 | provider
                provider     | []                                            | 400 | provider
                provider     | ""                                            | 422 | provider
                provider     | "yahoo"                                       | 422 | provider
                provider     | "GOOGLE"                                      | 422 | provider
                provider     | "google "                                     | 422 | provider
                provider     | "google\\u0000"                               | 422 | provider
                provider     | "oidc"                                        | 422 | provider
                provider     | "oidc:"                                       | 422 | provider
                provider     | "oidc:google"                                 | 422 | provider
                provider     | "OIDC:https://example.test"                   | 422 | provider
                provider     | "oidc:ftp://example.test"                     | 422 | provider
                provider     | "oidc:file:///etc/passwd"                     | 422 | provider
                provider     | "oidc:https://example.test?x=1"               | 422 | provider
                provider     | "oidc:https://example.test#x"                 | 422 | provider
                provider     | "oidc:https://u:p@example.test"               | 422 | provider
                provider     | "oidc:https://example.test:65536"             | 422 | provider
                provider     | "oidc:https://example.test/\\u0000"           | 422 | provider
                provider     | "oidc:https://example.test/\\r\\nHost: x"     | 422 | provider
                provider     | "oidc:https://example.test/<230a>"            | 422 | provider
                provider     | "oidc:https://example.test/<300a>"            | 422 | provider
                scopes       | "openid"                                      | 400 | scopes
                scopes       | {}                                            | 400 | scopes
                scopes       | 5                                             | 400 | scopes
                scopes       | [null]                                        | 422 | scopes[0]
                scopes       | [5]                                           | 400 | scopes[0]
                scopes       | [["openid"]]                                  | 400 | scopes[0]
                scopes       | ["openid",""]                                 | 422 | scopes[1]
                scopes       | ["open id"]                                   | 422 | scopes[0]
                scopes       | ["openid\\u0000"]                             | 422 | scopes[0]
                scopes       | ["openid","ü"]                                | 422 | scopes[1]
                scopes       | ["<256a>"]                                    | 422 | scopes[0]
                scopes       | [<64 1>]                                      | 400 | scopes[0]
                """);
    }

    @Test
    void changesRefuseEachBadField() {
        var user = newUser();
        var number = register(user, "north").path("client_id").toString();
        new Refusals("PATCH", CLIENTS + "/" + number, user::calls).ofFields(Map.of(), """
                client_secret         | 5                                    | 400 | client_secret
                client_secret         | ""                                   | 422 | client_secret
                client_secret         | "a\\ud800"                           | 422 | client_secret
                client_secret         | "<8193a>"                            | 422 | client_secret
                client_authentication | "basic"                              | 422 | client_authentication
                client_authentication | 1                                    | 400 | client_authentication
                client_authentication | "private_key_jwt"                    | 422 | client_authentication
                client_authentication | "private_key_jwt","client_secret":"a"| 422 | client_secret
                keep_old_secrets      | "true"                               | 400 | keep_old_secrets
                keep_old_secrets      | 1                                    | 400 | keep_old_secrets
                redirect_uri          | 5                                    | 400 | redirect_uri
                redirect_uri          | ""                                   | 422 | redirect_uri
                redirect_uri          | "http://example.test/callback"       | 422 | redirect_uri
                redirect_uri          | "https://example.test/callback#x"    | 422 | redirect_uri
                redirect_uri          | "https://example.test/<2048a>"       | 422 | redirect_uri
                workspace_email       | 5                                    | 400 | workspace_email
                workspace_email       | ""                                   | 422 | workspace_email
                workspace_email       | "nobody"                             | 422 | workspace_email
                workspace_name        | 5                                    | 400 | workspace_name
                workspace_name        | " "                                  | 422 | workspace_name
                workspace_name        | "<256a>"                             | 422 | workspace_name
                scopes                | "openid"                             | 400 | scopes
                scopes                | [""]                                 | 422 | scopes[0]
                scopes                | [null]                               | 422 | scopes[0]
                is_active             | "false"                              | 400 | is_active
                is_active             | 0                                    | 400 | is_active
                is_active             | []                                   | 400 | is_active
                client_id             | "another"                            | 400 | client_id
                branch_id             | "south"                              | 400 | branch_id
                provider              | "github"                             | 400 | provider
                tenant_id             | "x"                                  | 400 | tenant_id
                """);
    }

    @Test
    void listsRefuseBadParameters() {
        new Refusals("GET", CLIENTS, newUser()::calls).ofParameters("""
                limit  | 0                    | 422 | limit
                limit  | -1                   | 422 | limit
                limit  | 201                  | 422 | limit
                limit  | ten                  | 422 | limit
                limit  | 99999999999999999999 | 422 | limit
                cursor | nonsense             | 422 | cursor
                cursor | %00                  | 422 | cursor
                """);
    }

    @Test
    void readsOfTokensRefuseBadParameters() {
        var user = newUser();
        register(user, "north").then().statusCode(201);
        new Refusals("GET", BASE + "/tokens/north", user::calls).ofParameters("""
                min_seconds | -1            | 422 | min_seconds
                min_seconds | 86401         | 422 | min_seconds
                min_seconds | 1.5           | 422 | min_seconds
                min_seconds | 1e3           | 422 | min_seconds
                min_seconds | sixty         | 422 | min_seconds
                min_seconds | %00           | 422 | min_seconds
                min_seconds | 9999999999    | 422 | min_seconds
                reason      | <201a>        | 422 | reason
                """);
    }

    @Test
    void refreshesRefuseBadNames() {
        new Refusals("POST", BASE + "/tokens/refresh", newUser()::calls).ofFields(Map.of(), """
                client_id | (missing)  | 422 | client_id
                client_id | null       | 422 | client_id
                client_id | ""         | 422 | client_id
                client_id | "<256a>"   | 422 | client_id
                client_id | []         | 400 | client_id
                client_id | {}         | 400 | client_id
                client_id | {"text":"a"} | 400 | client_id
                client_id | true       | 400 | client_id
                client_id | 1.5        | 400 | client_id
                client_id | <40 9>     | 400 | client_id
                branch_id | "north"    | 400 | branch_id
                """);
    }

    @Test
    void whatNamesNothingIsNotFoundOnAnyWay() {
        var user = newUser();
        register(user, "north").then().statusCode(201);
        var before = Tables.contents();
        for (var name : List.of(
                "0",
                "-1",
                "1",
                "99999999999999999999",
                "north",
                "a%00b",
                "%F0%9F%94%91",
                "%2e%2e%2f",
                "a%2Fb",
                "'",
                "*")) {
            for (var path : List.of(CLIENTS + "/" + name, BASE + "/tokens/x" + name)) {
                is404(path, user.calls().urlEncodingEnabled(false).get(path));
                is404(path, user.calls().urlEncodingEnabled(false).delete(path));
            }
            var login = BASE + "/oauth/login/" + name;
            is404(
                    login,
                    anonymous()
                            .urlEncodingEnabled(false)
                            .redirects()
                            .follow(false)
                            .get(login));
        }
        assertEquals(before, Tables.contents(), "a refused call wrote something");
    }

    private static void is404(String path, Response answer) {
        Refusals.problem(path, answer, 404, "not_found");
    }

    @Test
    void branchesAreNamedByUpTo255CharactersWhateverTheyAre() {
        var user = newUser();
        for (var branch :
                List.of("x".repeat(255), "ü".repeat(255), "a b", "50%", "a?b#c", "a;b=c", "a+b", "%2F", "🔑", "...")) {
            register(user, branch).then().statusCode(201).body("branch_id", equalTo(branch));
            user.calls()
                    .get(BASE + "/tokens/{branch}", branch)
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("not_connected"));
            user.calls().delete(BASE + "/tokens/{branch}", branch).then().statusCode(409);
        }
        is404("too long", user.calls().get(BASE + "/tokens/" + "x".repeat(256)));
        is404("too long", user.calls().delete(BASE + "/tokens/" + "x".repeat(256)));
    }

    @Test
    void callbacksThatBeganNowhereAreRefusedAndRepeatNothing() {
        var before = Tables.contents();
        for (var query : List.of(
                "",
                "?code=a",
                "?state=",
                "?state=a",
                "?code=&state=",
                "?code=canary&state=canary",
                "?code=a&code=b&state=a&state=b",
                "?error=canary&state=canary",
                "?error=%3Cscript%3Ecanary&error_description=%3Cscript%3Ecanary&state=%3Cscript%3Ecanary",
                "?state=%00",
                "?state=%F0%9F%94%91",
                "?state=" + "A".repeat(2000),
                "?state=" + "A".repeat(2001),
                "?iss=https://accounts.google.com&state=a&code=a")) {
            var path = BASE + "/auth/callback" + query;
            var answer = anonymous().urlEncodingEnabled(false).get(path);
            Refusals.problem(path.substring(0, Math.min(100, path.length())), answer, 400, "invalid_state");
            assertFalse(answer.asString().contains("canary"), answer::asString);
            var page = anonymous().accept("text/html").urlEncodingEnabled(false).get(path);
            page.then().statusCode(400).contentType("text/html;charset=UTF-8");
            assertFalse(page.asString().contains("canary"), page::asString);
        }
        assertEquals(before, Tables.contents(), "a refused call wrote something");
    }

    @Test
    void aChangeOfNothingChangesNothingAndScopesMayBeNone() {
        var user = newUser();
        var path = CLIENTS + "/" + register(user, "north").path("client_id");
        user.calls()
                .body("{}")
                .patch(path)
                .then()
                .statusCode(200)
                .body("scopes", hasSize(3))
                .body("is_active", equalTo(true));
        user.calls()
                .body("{\"scopes\":[\"b\",\"a\",\"b\"]}")
                .patch(path)
                .then()
                .statusCode(200)
                .body("scopes", equalTo(List.of("b", "a")));
        user.calls().body("{\"scopes\":[]}").patch(path).then().statusCode(200).body("scopes", hasSize(0));
        var login = BASE + "/oauth/login/" + path.substring(path.lastIndexOf('/') + 1);
        var location = anonymous().redirects().follow(false).get(login).header("Location");
        assertFalse(location.contains("scope="), location);
        for (var active : List.of(false, true, true)) {
            user.calls()
                    .body(Map.of("is_active", active))
                    .patch(path)
                    .then()
                    .statusCode(200)
                    .body("is_active", equalTo(active))
                    .body("scopes", hasSize(0));
            anonymous().redirects().follow(false).get(login).then().statusCode(active ? 302 : 404);
        }
    }
}
