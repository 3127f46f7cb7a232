package dev.latchkey.api;

import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What verification refuses to be asked, field by field: 400 for the wrong JSON type, 422 for a value that cannot be meant. */
@QuarkusTest
class BadVerifyInputTest {

    private static final String PATH = "/api/v1/verify";

    @Test
    void eachBadFieldIsNamed() {
        new Refusals("POST", PATH, newUser()::calls).ofFields(Map.of("token", "\"x\""), """
                token       | (missing)                              | 422 | token
                token       | null                                   | 422 | token
                token       | 5                                      | 400 | token
                token       | []                                     | 400 | token
                token       | {}                                     | 400 | token
                scopes      | "read:reports"                         | 400 | scopes
                scopes      | {}                                     | 400 | scopes
                scopes      | [null]                                 | 422 | scopes[0]
                scopes      | [5]                                    | 400 | scopes[0]
                scopes      | ["a",""]                               | 422 | scopes[1]
                scopes      | ["<101a>"]                             | 422 | scopes[0]
                scopes      | ["a\\u0000"]                           | 422 | scopes[0]
                permissions | ""                                     | 422 | permissions
                permissions | 5                                      | 400 | permissions
                permissions | ["a"]                                  | 400 | permissions
                permissions | "a","scopes":["a"]                     | 422 | permissions
                cost        | -1                                     | 422 | cost
                cost        | 1000000001                             | 422 | cost
                cost        | <40 9>                                 | 422 | cost
                cost        | 1.5                                    | 400 | cost
                cost        | 1e3                                    | 400 | cost
                cost        | "5"                                    | 400 | cost
                cost        | true                                   | 400 | cost
                tags        | "a"                                    | 400 | tags
                tags        | [null]                                 | 422 | tags[0]
                tags        | [""]                                   | 422 | tags[0]
                tags        | ["<51a>"]                              | 422 | tags[0]
                tags        | ["1","2","3","4","5","6","7","8","9","10","11"] | 422 | tags
                ip          | ""                                     | 422 | ip
                ip          | "localhost"                            | 422 | ip
                ip          | "1.2.3"                                | 422 | ip
                ip          | "256.0.0.1"                            | 422 | ip
                ip          | "010.0.0.1"                            | 422 | ip
                ip          | "10.0.0.0/8"                           | 422 | ip
                ip          | "fe80::1%eth0"                         | 422 | ip
                ip          | " 10.0.0.1"                            | 422 | ip
                ip          | "10.0.0.1, 10.0.0.2"                   | 422 | ip
                ip          | 5                                      | 400 | ip
                resource    | ""                                     | 422 | resource
                resource    | "<201a>"                               | 422 | resource
                resource    | "GET /a\\nb"                           | 422 | resource
                resource    | 5                                      | 400 | resource
                key_id      | "x"                                    | 400 | key_id
                tenant_id   | "x"                                    | 400 | tenant_id
                """);
    }

    @Test
    void bodiesThatAreNoQuestionAreRefused() {
        new Refusals("POST", PATH, newUser()::calls).ofBodies("""
                nothing    |            | 400 |
                null       | null       | 400 |
                text       | "x"        | 400 |
                list       | []         | 400 |
                cut        | {"token":  | 400 |
                twice      | {"token":"x","token":"y"} | 400 |
                two bodies | {"token":"x"}{"token":"y"} | 400 |
                """);
        new Refusals("POST", PATH + "/release", newUser()::calls).ofBodies("""
                nothing  |                                 | 400 |
                empty    | {}                              | 422 | lease,token
                token    | {"token":5,"lease":"01a1fe88-62c1-7000-8d8e-401aaffb2a7e"}    | 400 | token
                no token | {"token":null,"lease":"01a1fe88-62c1-7000-8d8e-401aaffb2a7e"} | 422 | token
                no lease | {"token":"x"}                   | 422 | lease
                number   | {"token":"x","lease":5}         | 400 | lease
                text     | {"token":"x","lease":"x"}       | 422 | lease
                unknown  | {"token":"x","lease":"01a1fe88-62c1-7000-8d8e-401aaffb2a7e","a":1} | 400 | a
                """);
        new Refusals("POST", PATH + "/batch", newUser()::calls).ofBodies("""
                missing  | {}                              | 422 | items
                null     | {"items":null}                  | 422 | items
                no list  | {"items":{"token":"x"}}         | 400 | items
                null one | {"items":[null]}                | 422 | items[0]
                text     | {"items":["x"]}                 | 400 | items[0]
                unknown  | {"items":[{"token":"x","a":1}]} | 400 | items[0].a
                more     | {"items":[{"token":"x"}],"a":1} | 400 | a
                """);
    }

    @Test
    void anotherContentTypeAndABodyOfMoreThanAMegabyteAreRefused() {
        var user = newUser();
        user.calls()
                .contentType("text/plain")
                .body("{\"token\":\"x\"}")
                .post(PATH)
                .then()
                .statusCode(415)
                .body("code", equalTo("unsupported_media_type"));
        user.calls()
                .body(Map.of("token", "x".repeat(1_100_000)))
                .post(PATH)
                .then()
                .statusCode(413)
                .body("code", equalTo("payload_too_large"));
    }

    @Test
    void aQuestionHasAtMostSixtyFourScopes() {
        var owner = newUser();
        var token = newToken(owner, "admin:tenant");
        VerifyTest.verify(owner, Map.of("token", token, "scopes", Collections.nCopies(64, "read:reports")))
                .body("code", equalTo("VALID"));
        owner.calls()
                .body(Map.of("token", token, "scopes", Collections.nCopies(65, "read:reports")))
                .post(PATH)
                .then()
                .statusCode(422)
                .body("errors.field", equalTo(List.of("scopes")));
    }

    @Test
    void aPermissionQueryThatCannotBeReadIsRefusedWithThePosition() {
        var owner = newUser();
        var token = newToken(owner, "read:reports");
        owner.calls()
                .body(Map.of("token", token, "permissions", "read:reports AND (write:audits"))
                .post(PATH)
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid_permissions"))
                .body("position", equalTo(31))
                .body("detail", equalTo("At position 31: AND, OR or ) is expected here"))
                .body("errors.field", equalTo(List.of("permissions")));
        owner.calls()
                .body(Map.of("token", token, "permissions", token + " AND ?"))
                .post(PATH)
                .then()
                .statusCode(400)
                .body(not(containsString(token)));
    }
}
