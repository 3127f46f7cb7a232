package dev.latchkey.api;

import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.Api.uniqueName;

import io.quarkus.test.junit.QuarkusTest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What users and sessions refuse, field by field: 400 for the wrong JSON type, 422 for a value that cannot be meant. */
@QuarkusTest
class BadIdentityInputTest {

    @Test
    void registrationRefusesEachBadFieldByName() {
        var name = uniqueName();
        new Refusals("POST", "/api/auth/register", Api::anonymous)
                .ofFields(fields("username", name, "email", name + "@example.test", "password", Api.PASSWORD), """
                username | (missing)                      | 422 | username
                username | null                           | 422 | username
                username | 5                              | 400 | username
                username | true                           | 400 | username
                username | []                             | 400 | username
                username | {}                             | 400 | username
                username | ""                             | 422 | username
                username | "ab"                           | 422 | username
                username | "<51a>"                        | 422 | username
                username | "<9000a>"                      | 422 | username
                username | "has space"                    | 422 | username
                username | "a@b.test"                     | 422 | username
                username | "abc\\u0000"                  | 422 | username
                username | "abc\\u0001"                  | 422 | username
                username | "abc\\n"                      | 422 | username
                username | "abc\\ud83d\\ude00"          | 422 | username
                username | "abc\\ud800"                  | 422 | username
                username | "\\u0430bc"                   | 422 | username
                email    | (missing)                      | 422 | email
                email    | null                           | 422 | email
                email    | 5                              | 400 | email
                email    | []                             | 400 | email
                email    | ""                             | 422 | email
                email    | "nobody"                       | 422 | email
                email    | "a@b@c.test"                   | 422 | email
                email    | "a b@c.test"                   | 422 | email
                email    | "<64a>@<186b>.test"            | 422 | email,email
                email    | "a\\u0000@c.test"             | 422 | email
                email    | "a@c.test\\r\\nBcc: x@y.test" | 422 | email
                email    | "\\ud83d\\ude00@c.test"      | 422 | email
                email    | "a\\ud800@c.test"             | 422 | email
                password | (missing)                      | 422 | password
                password | null                           | 422 | password
                password | 123456789012                   | 400 | password
                password | []                             | 400 | password
                password | ""                             | 422 | password
                password | "elevenchars"                  | 422 | password
                password | "<1000x>"                      | 422 | password
                password | "<1001x>"                      | 422 | password
                password | "aaaaaaaaaaaaaaa"              | 422 | password
                password | "Password1234"                 | 422 | password
                password | "a-long-enough\\u0000-one"    | 422 | password
                password | "a-long-enough-one\\n"        | 422 | password
                password | "a-long-enough-one\\u007f"    | 422 | password
                password | "a-long-enough-one\\ud800"    | 422 | password
                role     | "admin"                        | 400 | role
                Username | "abc"                          | 400 | Username
                a\u00e9b  | 1                              | 400 | a?b
                """);
    }

    @Test
    void thePasswordIsNeitherTheNameNorTheAddressNorTooLongForBcrypt() {
        var name = "a-long-name-" + uniqueName();
        new Refusals("POST", "/api/auth/register", Api::anonymous)
                .ofFields(
                        fields("username", name, "email", name + "@example.test", "password", Api.PASSWORD),
                        """
                password | "%1$s"                      | 422 | password
                password | "%2$s"                      | 422 | password
                password | "%1$s@example.test"         | 422 | password
                password | "<70x>yz!"                  | 422 | password
                password | "<8\u20ac>.<8\u20ac>-<9\u20ac>" | 422 | password
                """.formatted(name, name.toUpperCase(java.util.Locale.ROOT)));
    }

    @Test
    void loginRefusesEachBadFieldByName() {
        new Refusals("POST", "/api/auth/login", Api::anonymous)
                .ofFields(fields("username", "someone", "password", "something"), """
                username | (missing)      | 422 | username
                username | null           | 422 | username
                username | 5              | 400 | username
                username | {"$ne":1}      | 400 | username
                username | ""             | 422 | username
                username | "<255a>"       | 422 | username
                username | "a\\u0000"    | 422 | username
                username | "a\\n"        | 422 | username
                username | "a\\ud800"    | 422 | username
                password | (missing)      | 422 | password
                password | null           | 422 | password
                password | 5              | 400 | password
                password | ["a"]          | 400 | password
                password | ""             | 422 | password
                password | "<1001x>"      | 422 | password
                email    | "a@b.test"     | 400 | email
                """);
    }

    @Test
    void refreshAndLogoutRefuseEachBadFieldByName() {
        for (var path : new String[] {"/api/auth/refresh", "/api/auth/logout"}) {
            new Refusals("POST", path, Api::anonymous).ofFields(fields("refresh_token", "lkr_x"), """
                    refresh_token | (missing) | 422 | refresh_token
                    refresh_token | null      | 422 | refresh_token
                    refresh_token | 5         | 400 | refresh_token
                    refresh_token | []        | 400 | refresh_token
                    refresh_token | ""        | 422 | refresh_token
                    refresh_token | "<201x>"  | 422 | refresh_token
                    refreshToken  | "x"       | 400 | refreshToken
                    """);
        }
    }

    @Test
    void aNewPasswordIsHeldToTheSameRules() {
        var user = newUser();
        new Refusals("POST", "/api/auth/password", user::calls)
                .ofFields(
                        fields("current_password", Api.PASSWORD, "new_password", "another-long-Password"),
                        """
                current_password | (missing)                   | 422 | current_password
                current_password | null                        | 422 | current_password
                current_password | 5                           | 400 | current_password
                current_password | "<1001x>"                   | 422 | current_password
                new_password     | (missing)                   | 422 | new_password
                new_password     | null                        | 422 | new_password
                new_password     | 5                           | 400 | new_password
                new_password     | "short"                     | 422 | new_password
                new_password     | "<73x>"                     | 422 | new_password
                new_password     | "%s@example.test"           | 422 | new_password
                new_password     | "a-long-enough\\u0000-one" | 422 | new_password
                password         | "x"                         | 400 | password
                """.formatted(user.username()));
    }

    @Test
    void adminsChangeUsersByNothingButRoleAndState() {
        var admin = Api.admin();
        var user = newUser();
        new Refusals("PATCH", "/api/v1/users/" + user.id(), admin::calls).ofFields(fields(), """
                role     | "king"        | 422 | role
                role     | "ADMIN"       | 422 | role
                role     | ""            | 422 | role
                role     | "user\\u0000" | 422 | role
                role     | 1             | 400 | role
                role     | true          | 400 | role
                role     | ["user"]      | 400 | role
                disabled | "true"        | 400 | disabled
                disabled | 1             | 400 | disabled
                disabled | []            | 400 | disabled
                username | "other"       | 400 | username
                """);
        new Refusals("GET", "/api/v1/users", admin::calls).ofParameters("""
                limit  | 0                    | 422 | limit
                limit  | 201                  | 422 | limit
                limit  | -1                   | 422 | limit
                limit  | ten                  | 422 | limit
                limit  | 99999999999999999999 | 422 | limit
                cursor | nonsense             | 422 | cursor
                role   | king                 | 422 | role
                q      | a%00b                | 422 | q
                q      | <101a>               | 422 | q
                """);
    }

    @Test
    void idsOfUsersThatAreNoneAreNotFound() {
        var admin = Api.admin();
        for (var id : new String[] {"x", "1", "%00", "01a1fe88-62c1-7000-8d8e-401aaffb2a7e", "null", "me"}) {
            var path = "/api/v1/users/" + id;
            Refusals.problem(path, admin.calls().urlEncodingEnabled(false).get(path), 404, "not_found");
            Refusals.problem(
                    path, admin.calls().urlEncodingEnabled(false).body("{}").patch(path), 404, "not_found");
        }
    }

    /** Texts by field, as JSON, in order. */
    private static Map<String, String> fields(String... namesAndTexts) {
        var fields = new LinkedHashMap<String, String>();
        for (var i = 0; i < namesAndTexts.length; i += 2) {
            fields.put(namesAndTexts[i], '"' + namesAndTexts[i + 1] + '"');
        }
        return fields;
    }
}
