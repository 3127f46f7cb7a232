package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.logIn;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.api.Api.uniqueName;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How users come to be. */
@QuarkusTest
class RegistrationTest {

    @Test
    void aRegistrationMakesAUserWithATenantOfTheirOwn() {
        var name = uniqueName();
        var user = register(name, name + "@Example.test", Api.PASSWORD);
        user.then()
                .statusCode(201)
                .body("username", equalTo(name))
                .body("email", equalTo(name + "@Example.test"))
                .body("role", equalTo("user"))
                .body("disabled", equalTo(false))
                .body("id", matchesPattern("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"))
                .body("created_at", matchesPattern("20.*Z"))
                .body("tenant_id", not(equalTo(newUser().tenantId())));
        assertEquals(
                "1",
                Tables.value("select count(*) from audit_log where action = 'user.registered' and subject_id = '"
                        + user.path("id") + "'"));
    }

    @Test
    void aNameOrAddressIsTakenWhateverItsCase() {
        var name = uniqueName();
        register(name, name + "@example.test", Api.PASSWORD).then().statusCode(201);
        var before = Tables.contents();
        for (var other : List.of(name, name.toUpperCase(Locale.ROOT))) {
            var taken = register(other, uniqueName() + "@example.test", Api.PASSWORD);
            Refusals.problem(other, taken, 409, "conflict");
        }
        for (var other : List.of(name + "@example.test", name.toUpperCase(Locale.ROOT) + "@EXAMPLE.TEST")) {
            var taken = register(uniqueName(), other, Api.PASSWORD);
            Refusals.problem(other, taken, 409, "conflict");
        }
        assertEquals(before, Tables.contents());
    }

    @Test
    void ofManyWhoWantOneNameAtOnceOneGetsIt() {
        var name = uniqueName();
        var statuses = Together.run(12, number -> register(name, name + number + "@example.test", Api.PASSWORD)
                .statusCode());
        assertEquals(1, statuses.stream().filter(status -> status == 201).count(), statuses.toString());
        assertEquals(11, statuses.stream().filter(status -> status == 409).count(), statuses.toString());
        assertEquals("1", Tables.value("select count(*) from tenants where name = '" + name + "'"));
    }

    @Test
    void everyByteOfAPasswordCounts() {
        var name = uniqueName();
        var longest = "p\u00e4ssw\u00f6rd-" + "x".repeat(60) + "1";
        assertEquals(72, longest.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        register(name, name + "@example.test", longest).then().statusCode(201);
        logIn(name, longest);
        for (var wrong : List.of(longest.replace("1", "2"), longest + "1", longest.replace("\u00e4", "a"))) {
            anonymous()
                    .body(Map.of("username", name, "password", wrong))
                    .post("/api/auth/login")
                    .then()
                    .statusCode(401);
        }
    }

    @Test
    void aPasswordIsKeptAsABcryptHashAndNowhereElse() {
        var password = "only-here-" + uniqueName();
        var name = uniqueName();
        register(name, name + "@example.test", password).then().statusCode(201);
        logIn(name, password);
        assertEquals(List.of(), Tables.thatHold(password));
        var hash = Tables.value("select password_hash from users where username = '" + name + "'");
        assertTrue(hash.matches("\\$2[aby]\\$04\\$.{53}"), hash);
    }

    @Test
    void theFirstAdminWasMadeAtStartAndOnce() {
        Api.admin().calls().get("/api/auth/me").then().body("role", equalTo("admin"));
        assertEquals("1", Tables.value("select count(*) from users where username = 'admin'"));
    }

    private static Response register(String username, String email, String password) {
        return anonymous()
                .body(Map.of("username", username, "email", email, "password", password))
                .post("/api/auth/register");
    }
}
