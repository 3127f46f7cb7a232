package dev.latchkey.api;

import static dev.latchkey.api.Api.PASSWORD;
import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.logIn;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What admins do with users. */
@QuarkusTest
class UsersTest {

    @Test
    void disablingAUserEndsTheirSessionsAtOnceAndForGood() {
        var admin = Api.admin();
        var user = newUser();
        user.calls().get("/api/auth/me").then().statusCode(200);

        change(admin, user, Map.of("disabled", true)).then().statusCode(200).body("disabled", equalTo(true));

        user.calls().get("/api/auth/me").then().statusCode(401).body("code", equalTo("revoked_token"));
        refresh(user).then().statusCode(401);
        change(admin, user, Map.of("disabled", false)).then().statusCode(200).body("disabled", equalTo(false));
        user.calls().get("/api/auth/me").then().statusCode(401);
        refresh(user).then().statusCode(401);
        logIn(user.username(), PASSWORD);
    }

    @Test
    void disablingAUserDisablesTheTokensTheyMadeAtOnceUntilTheyAreBack() {
        var admin = Api.admin();
        var user = newUser();
        String token = Api.newToken(user, Map.of("name", "theirs", "scopes", List.of("read:audits")))
                .path("token");
        Api.as(token).get("/api/v1/tokens/me").then().statusCode(200);

        change(admin, user, Map.of("disabled", true)).then().statusCode(200);
        Api.as(token).get("/api/v1/tokens/me").then().statusCode(401).body("code", equalTo("disabled_token"));

        change(admin, user, Map.of("disabled", false)).then().statusCode(200);
        Api.as(token).get("/api/v1/tokens/me").then().statusCode(200);
    }

    @Test
    void aSuspensionIsNotLostToAnotherChangeAtTheSameMoment() {
        var admin = Api.admin();
        for (var round = 0; round < 20; round++) {
            var user = newUser();
            var statuses = Together.run(3, number -> switch (number) {
                case 0 -> change(admin, user, Map.of("disabled", true)).statusCode();
                case 1 -> change(admin, user, Map.of("role", "guest")).statusCode();
                default -> changePassword(user).statusCode();
            });
            assertEquals(List.of(200, 200), statuses.subList(0, 2));
            admin.calls()
                    .get("/api/v1/users/" + user.id())
                    .then()
                    .body("disabled", equalTo(true))
                    .body("role", equalTo("guest"));
        }
    }

    @Test
    void aChangedRoleCountsInTheSessionsThereAre() {
        var admin = Api.admin();
        var user = newUser();
        user.calls().get("/api/v1/tokens").then().statusCode(200);
        user.calls().get("/api/v1/users").then().statusCode(403).body("code", equalTo("insufficient_role"));

        change(admin, user, Map.of("role", "guest")).then().statusCode(200).body("role", equalTo("guest"));
        user.calls().get("/api/v1/tokens").then().statusCode(403);

        change(admin, user, Map.of("role", "admin")).then().statusCode(200);
        user.calls().get("/api/v1/users").then().statusCode(200);
    }

    @Test
    void theTokensOfAUserWhoBecameAGuestReadOnly() {
        var user = newUser();
        var whole = newToken(user, "admin:tenant");
        var narrow = newToken(user, "read:audits", "write:audits");
        as(whole).get("/api/v1/tokens").then().statusCode(200);
        change(Api.admin(), user, Map.of("role", "guest")).then().statusCode(200);
        as(whole).get("/api/v1/tokens").then().statusCode(403);
        for (var token : List.of(whole, narrow)) {
            as(token).get("/api/v1/audits").then().statusCode(200);
            as(token)
                    .body(Map.of("kind", "credentials"))
                    .post("/api/v1/audits")
                    .then()
                    .statusCode(403);
        }
        change(Api.admin(), user, Map.of("role", "user")).then().statusCode(200);
        as(whole).get("/api/v1/tokens").then().statusCode(200);
    }

    @Test
    void aGuestReadsOnly() {
        var guest = newUser("guest");
        guest.calls().get("/api/auth/me").then().statusCode(200).body("role", equalTo("guest"));
        guest.calls().get("/api/v1/tokens/me/usage").then().statusCode(200);
        guest.calls()
                .body(Map.of("name", "x", "scopes", List.of("read:audits")))
                .post("/api/v1/tokens")
                .then()
                .statusCode(403)
                .body("code", equalTo("insufficient_scope"))
                .body("required_scopes", equalTo(List.of("admin:tenant")));
    }

    @Test
    void nobodyActsOnWhoStandsAboveThemNorLiftsAnyoneAboveThemselves() {
        var admin = Api.admin();
        var owner = newUser("owner");
        var user = newUser();
        for (var change : List.<Map<String, Object>>of(Map.of("disabled", true), Map.of("role", "user"), Map.of())) {
            change(admin, owner, change).then().statusCode(403).body("code", equalTo("insufficient_role"));
        }
        change(admin, user, Map.of("role", "owner")).then().statusCode(403).body("your_role", equalTo("admin"));
        change(owner, user, Map.of("role", "owner")).then().statusCode(200).body("role", equalTo("owner"));
        change(newUser(), user, Map.of("disabled", true)).then().statusCode(403);
    }

    @Test
    void nobodyChangesThemselvesSoThatTheLastAdminStaysOne() {
        var admin = Api.admin();
        var before = Tables.contents();
        change(admin, admin, Map.of("role", "user")).then().statusCode(409);
        change(admin, admin, Map.of("disabled", true)).then().statusCode(409);
        assertEquals(before, Tables.contents());
    }

    @Test
    void anAdminFindsUsersByNameAddressAndRole() {
        var admin = Api.admin();
        var user = newUser();
        for (var text : List.of(user.username(), user.username().toUpperCase(java.util.Locale.ROOT) + "@EXAMPLE")) {
            admin.calls()
                    .queryParam("q", text)
                    .get("/api/v1/users")
                    .then()
                    .body("items", hasSize(1))
                    .body("items[0].id", equalTo(user.id()))
                    .body("items[0].password_hash", nullValue())
                    .body("next_cursor", nullValue());
        }
        admin.calls().queryParam("q", "%").get("/api/v1/users").then().body("items", hasSize(0));
        admin.calls().queryParam("role", "admin").get("/api/v1/users").then().body("items.username", hasItem("admin"));
        admin.calls().get("/api/v1/users/" + user.id()).then().body("username", equalTo(user.username()));
    }

    @Test
    void eachChangeIsOnRecordWithWhoMadeIt() {
        var admin = Api.admin();
        var user = newUser();
        change(admin, user, Map.of("role", "guest")).then().statusCode(200);
        assertEquals(
                admin.id() + " user guest",
                Tables.value(
                        "select actor_user || ' ' || (details #>> '{before,role}') || ' ' || (details #>> '{after,role}')"
                                + " from audit_log where action = 'user.changed' and subject_id = '" + user.id()
                                + "'"));
    }

    private static Response change(Someone admin, Someone user, Map<String, Object> change) {
        return admin.calls().body(change).patch("/api/v1/users/" + user.id());
    }

    private static Response changePassword(Someone user) {
        return user.calls()
                .body(Map.of("current_password", PASSWORD, "new_password", "another-long-enough-Password"))
                .post("/api/auth/password");
    }

    private static Response refresh(Someone user) {
        return anonymous().body(Map.of("refresh_token", user.refreshToken())).post("/api/auth/refresh");
    }
}
