package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a token has left is what the ledger says. */
@QuarkusTest
class TokenCreditsTest {

    private static final Map<String, Object> DAILY =
            Map.of("remaining", 9, "refill", Map.of("amount", 20, "interval", "daily", "day", 7));

    private Someone user = NOBODY;

    @BeforeEach
    void someone() {
        user = newUser();
    }

    @Test
    void aTokenWithCreditsBeginsWithAGrant() {
        var id = create(9).<String>path("id");
        assertEquals(
                "grant 9",
                Tables.value("select kind || ' ' || amount from credit_entries where account_id = '" + id + "'"));
        assertEquals("9", Tables.value("select balance from credit_accounts where id = '" + id + "'"));
    }

    @Test
    void aTokenWithoutCreditsHasNoAccount() {
        var id = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")))
                .<String>path("id");
        assertEquals("0", Tables.value("select count(*) from credit_accounts where id = '" + id + "'"));
        user.calls().get("/api/v1/tokens/" + id).then().body("credits", nullValue());
    }

    @Test
    void whatWasSpentShowsInTheTokenAndInTheList() {
        var one = create(9).<String>path("id");
        var other = create(5).<String>path("id");
        var none = newToken(user, Map.of("name", "x", "scopes", List.of("read:audits")))
                .<String>path("id");
        spend(one, 3);
        spend(other, 6);
        user.calls().get("/api/v1/tokens/" + one).then().body("credits.remaining", equalTo(6));
        var list = user.calls().get("/api/v1/tokens").then();
        list.body("items.id", equalTo(List.of(none, other, one)));
        list.body("items[0].credits", nullValue());
        list.body("items[1].credits.remaining", equalTo(0));
        list.body("items[2].credits.remaining", equalTo(6));
    }

    @Test
    void tokensOfALineOfRotationsShareOneAccount() {
        var old = create(9).<String>path("id");
        spend(old, 2);
        var successor = user.calls().body(Map.of("grace_seconds", 60)).post("/api/v1/tokens/" + old + "/rotate");
        successor.then().statusCode(200).body("credits.remaining", equalTo(7));
        spend(old, 4);
        for (var id : List.of(old, successor.<String>path("id"))) {
            user.calls().get("/api/v1/tokens/" + id).then().body("credits.remaining", equalTo(3));
        }
    }

    @Test
    void aRefillIsKeptAndShowsWhenItIsDue() {
        var id = create(DAILY).<String>path("id");
        var refill = new HashMap<String, Object>(Map.of("amount", 20, "interval", "daily"));
        refill.put("day", null);
        user.calls()
                .get("/api/v1/tokens/" + id)
                .then()
                .body("credits", equalTo(Map.of("remaining", 9, "refill", refill)));
        Tables.change("update credit_accounts set refilled_at = refilled_at - interval '1 day' where id = ?::uuid", id);
        user.calls().get("/api/v1/tokens/" + id).then().body("credits.remaining", equalTo(20));
    }

    @Test
    void aMonthlyRefillFallsOnTheFirstUnlessADayIsNamed() {
        create(Map.of("remaining", 1, "refill", Map.of("amount", 2, "interval", "monthly")))
                .then()
                .body("credits.refill.day", equalTo(1));
    }

    @Test
    void aCreationThatIsRepeatedOpensOneAccount() {
        var body = Map.of("name", "x", "scopes", List.of("read:audits"), "credits", 5);
        for (var i = 0; i < 2; i++) {
            user.calls()
                    .header("Idempotency-Key", "credits-" + user.id())
                    .body(body)
                    .post("/api/v1/tokens")
                    .then()
                    .statusCode(201)
                    .body("credits.remaining", equalTo(5));
        }
        assertEquals(
                "1",
                Tables.value("select count(*) from credit_accounts join api_tokens on family_id = credit_accounts.id"
                        + " where created_by = '" + user.id() + "'"));
    }

    private Response create(Object credits) {
        return newToken(user, Map.of("name", "x", "scopes", List.of("read:audits"), "credits", credits));
    }

    private static void spend(String account, int credits) {
        Tables.change("""
                with spent as (
                    insert into credit_entries (account_id, id, at, kind, amount)
                    values (?::uuid, gen_random_uuid(), now(), 'spend', -?::bigint)
                    returning account_id, amount
                ) update credit_accounts set balance = balance + amount from spent where id = account_id
                """, account, String.valueOf(credits));
    }
}
