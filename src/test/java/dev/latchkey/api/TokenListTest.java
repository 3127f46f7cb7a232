package dev.latchkey.api;

import static dev.latchkey.api.Api.NOBODY;
import static dev.latchkey.api.Api.newToken;
import static dev.latchkey.api.Api.newUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists of tokens: whole, in order, in pages, narrowed. */
@QuarkusTest
class TokenListTest {

    private Someone user = NOBODY;

    @BeforeEach
    void someoneWithTokens() {
        user = newUser();
    }

    @Test
    void thePagesOfAListPutTogetherAreTheListNewestFirst() {
        var made = new ArrayList<String>();
        for (var i = 0; i < 7; i++) {
            made.addFirst(create("token " + i));
        }
        for (var limit : List.of(1, 2, 3, 6, 7, 8, 200)) {
            var seen = new ArrayList<String>();
            @Nullable String cursor = null;
            var pages = 0;
            do {
                Map<String, Object> page = page(parameters("limit", limit, "cursor", cursor));
                List<String> ids = ids(page);
                assertTrue(ids.size() <= limit);
                seen.addAll(ids);
                cursor = (String) page.get("next_cursor");
                pages++;
            } while (cursor != null);
            assertEquals(made, seen, "limit " + limit);
            assertEquals((7 + limit - 1) / limit, pages, "limit " + limit);
        }
    }

    @Test
    void whatIsMadeWhileOneReadsIsNeitherRepeatedNorInTheWay() {
        var old = List.of(create("c"), create("b"), create("a")).reversed();
        var first = page(parameters("limit", 2));
        create("new");
        var second = page(parameters("limit", 2, "cursor", first.get("next_cursor")));
        var seen = new ArrayList<>(ids(first));
        seen.addAll(ids(second));
        assertEquals(old, seen);
    }

    @Test
    void aListIsTheTenantsOwn() {
        create("mine");
        var stranger = newUser();
        assertEquals(List.of(), stranger.calls().get("/api/v1/tokens").path("items"));
        // A cursor is a place in any list, and a key to none.
        create("mine too");
        var cursor = page(parameters("limit", 1)).get("next_cursor");
        var answer = stranger.calls().queryParams(parameters("cursor", cursor)).get("/api/v1/tokens");
        assertEquals(List.of(), answer.path("items"));
    }

    @Test
    void aListIsNarrowedToAState() {
        var active = create("active");
        var disabled = create("disabled");
        var revoked = create("revoked");
        var expired = create("expired");
        var revokedAndExpired = create("both");
        user.calls().body(Map.of("enabled", false)).patch("/api/v1/tokens/" + disabled);
        user.calls().delete("/api/v1/tokens/" + revoked);
        user.calls().delete("/api/v1/tokens/" + revokedAndExpired);
        for (var id : List.of(expired, revokedAndExpired)) {
            Tables.change("update api_tokens set expires_at = now() - interval '1 day' where id = ?::uuid", id);
        }
        assertEquals(List.of(active), ids(page(parameters("status", "active"))));
        assertEquals(List.of(disabled), ids(page(parameters("status", "disabled"))));
        assertEquals(List.of(expired), ids(page(parameters("status", "expired"))));
        assertEquals(List.of(revokedAndExpired, revoked), ids(page(parameters("status", "revoked"))));
        for (var item : user.calls().get("/api/v1/tokens").<List<Map<String, Object>>>path("items")) {
            var state = String.valueOf(item.get("status"));
            assertTrue(ids(page(parameters("status", state))).contains(String.valueOf(item.get("id"))), state);
        }
    }

    @Test
    void aListIsNarrowedToATextInNameOrPrefixWithoutWildcards() {
        var percent = create("100% Proof");
        var other = create("another");
        assertEquals(List.of(percent), ids(page(parameters("q", "PROOF"))));
        assertEquals(List.of(percent), ids(page(parameters("q", "%"))));
        assertEquals(List.of(), ids(page(parameters("q", "P__of"))));
        String prefix = user.calls().get("/api/v1/tokens/" + other).path("token_prefix");
        assertEquals(List.of(other), ids(page(parameters("q", prefix))));
        assertEquals(List.of(), ids(page(parameters("q", "' or 1=1 --"))));
        assertEquals(List.of(), ids(page(parameters("q", "proof", "status", "revoked"))));
    }

    @Test
    void noTokenIsOfATeamThatIsNotThere() {
        create("x");
        assertEquals(List.of(), ids(page(parameters("team_id", "01a1fe88-62c1-7000-8d8e-401aaffb2a7e"))));
    }

    private String create(String name) {
        return newToken(user, Map.of("name", name, "scopes", List.of("read:audits")))
                .path("id");
    }

    private Map<String, Object> page(Map<String, Object> parameters) {
        return user.calls()
                .queryParams(parameters)
                .get("/api/v1/tokens")
                .then()
                .statusCode(200)
                .extract()
                .path("");
    }

    private static Map<String, Object> parameters(@Nullable Object... namesAndValues) {
        var parameters = new HashMap<String, Object>();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            var value = namesAndValues[i + 1];
            if (value != null) {
                parameters.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return parameters;
    }

    @SuppressWarnings("unchecked")
    private static List<String> ids(Map<String, Object> page) {
        return ((List<Map<String, Object>>) page.getOrDefault("items", List.of()))
                .stream().map(item -> String.valueOf(item.get("id"))).toList();
    }
}
