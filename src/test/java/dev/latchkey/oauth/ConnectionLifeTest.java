package dev.latchkey.oauth;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Tables;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Access tokens that live for seconds: kept alive by one refresh each, until somebody ends them. */
@QuarkusTest
class ConnectionLifeTest {

    private static final int LIFE_SECONDS = 6;
    // The provider counts whole seconds, and so takes up to one of what it says.
    private static final int LEAST_SECONDS = 2;
    private static final int CALLERS = 50;
    private static final int LIVES = 4;
    private static final Map<String, Long> NO_LIMITS =
            Map.of("per_minute", 1_000_000_000L, "per_hour", 1_000_000_000L, "per_day", 1_000_000_000L);

    @Test
    void oneRefreshForEachTokenHoweverManyAsk() throws Exception {
        // A provider that takes its time lets all who would ask do so.
        var provider = OidcProvider.with(Map.of("ACCESS_TTL", "" + LIFE_SECONDS, "TOKEN_DELAY_MS", "300"));
        var branch = Branch.of(provider);
        branch.connect();
        var reader = Api.newToken(
                        branch.admin(),
                        Map.of("name", "a reader", "scopes", List.of("read:connections"), "rate_limits", NO_LIMITS))
                .<String>path("token");
        var end = Instant.now().plusSeconds(LIVES * LIFE_SECONDS);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var checks = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var callers = new ArrayList<Future<Integer>>();
            for (var caller = 0; caller < CALLERS; caller++) {
                callers.add(threads.submit(asking(branch, reader, end, seen)));
            }
            while (Instant.now().isBefore(end)) {
                var token = branch.token(LEAST_SECONDS)
                        .then()
                        .statusCode(200)
                        .extract()
                        .<String>path("access_token");
                assertTrue(branch.isActive(token), () -> "A dead token was handed out: " + branch.chain());
                seen.add(token);
                checks++;
                Thread.sleep(100);
            }
            for (var caller : callers) {
                assertTrue(caller.get() > LIVES, "A caller waited for too long");
            }
        }
        assertTrue(checks > LIVES, "Looked too seldom: " + checks);
        var refreshes = branch.chain().refreshes();
        // Each is refreshed when it has lived for about two thirds.
        assertTrue(refreshes >= LIVES && refreshes <= LIVES * LIFE_SECONDS / 3, branch.chain()::toString);
        assertEquals(new OidcProvider.Chain(refreshes, 0, 1, false), branch.chain());
        assertTrue(seen.size() >= refreshes, seen.size() + " tokens of " + branch.chain());
    }

    /** Asks for a token again and again; how often. */
    private static Callable<Integer> asking(Branch branch, String reader, Instant end, Set<String> seen) {
        var http = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(URI.create(
                        Branch.here() + Branch.BASE + "/tokens/" + branch.id() + "?min_seconds=" + LEAST_SECONDS))
                .header("Authorization", "Bearer " + reader)
                .build();
        return () -> {
            var asked = 0;
            while (Instant.now().isBefore(end)) {
                var answer = http.send(request, BodyHandlers.ofString());
                assertEquals(200, answer.statusCode(), answer::body);
                seen.add(OidcProvider.json(answer).path("access_token").asText());
                asked++;
                Thread.sleep(250);
            }
            http.close();
            return asked;
        };
    }

    @Test
    void whatNobodyAsksForIsRefreshedAheadOfItsEnd() throws InterruptedException {
        var branch = Branch.of(OidcProvider.withLife(LIFE_SECONDS));
        branch.connect();
        Thread.sleep(Duration.ofSeconds(3 * LIFE_SECONDS));
        var chain = branch.chain();
        // Three lives, of which each is refreshed after about four fifths; a machine that pauses is late.
        assertTrue(chain.refreshes() >= 2 && chain.refreshes() <= 5, chain::toString);
        assertEquals(new OidcProvider.Chain(chain.refreshes(), 0, 1, false), chain);
        assertTrue(branch.isActive(branch.accessToken()));
    }

    @Test
    void manyWhoRefreshByHandAtOnceUseNoTokenTwice() throws Exception {
        var branch = Branch.of(OidcProvider.with(Map.of("TOKEN_DELAY_MS", "100")));
        branch.connect();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var refreshes = new ArrayList<Future<String>>();
            for (var caller = 0; caller < CALLERS; caller++) {
                refreshes.add(threads.submit(
                        () -> branch.refresh().then().statusCode(200).extract().<String>path("access_token")));
            }
            for (var refresh : refreshes) {
                assertTrue(branch.isActive(refresh.get()));
            }
        }
        var chain = branch.chain();
        assertEquals(new OidcProvider.Chain(chain.refreshes(), 0, 1, false), chain);
        assertTrue(chain.refreshes() < CALLERS, chain::toString);
    }

    @Test
    void aGrantThatTheOwnerTookBackIsServedToTheEndOfItsTokenAndThenNeedsALogin() {
        var branch = Branch.of(OidcProvider.withLife(LIFE_SECONDS));
        branch.connect();
        var refreshed = branch.refresh();
        branch.provider().revoke(branch.clientId(), refreshed.path("refresh_token"));
        endsWithTheLifeOf(branch, refreshed.path("access_token"));
        assertEquals(0, branch.chain().reuses());
    }

    @Test
    void aGrantThatEndedBecauseATokenWasUsedTwiceIsServedToTheEndOfItsTokenAndThenNeedsALogin() {
        var branch = Branch.of(OidcProvider.withLife(LIFE_SECONDS));
        branch.connect();
        String stolen = branch.refresh().path("refresh_token");
        var refreshed = branch.refresh();
        assertEquals(400, branch.provider().refresh(branch.clientId(), stolen).statusCode());
        assertEquals(1, branch.chain().reuses());
        endsWithTheLifeOf(branch, refreshed.path("access_token"));
        assertEquals(1, branch.chain().reuses());
    }

    private static void endsWithTheLifeOf(Branch branch, String token) {
        // Before anybody is told that the refresh token is dead, and after it.
        assertEquals(token, branch.accessToken());
        branch.refresh()
                .then()
                .statusCode(409)
                .body("code", equalTo("reauthorization_required"))
                .body("reason", equalTo("invalid_grant"));
        branch.token(0)
                .then()
                .statusCode(200)
                .body("access_token", equalTo(token))
                .body("state", equalTo("reauthorization_required"));
        Eventually.within(LIFE_SECONDS + 5, () -> branch.token(0).then().statusCode(409));
        branch.token(0)
                .then()
                .statusCode(409)
                .body("code", equalTo("reauthorization_required"))
                .body("reason", equalTo("invalid_grant"))
                .body("login", equalTo(Branch.BASE + "/oauth/login/" + branch.number()));
        var again = branch.connect().getString("access_token");
        assertEquals(again, branch.accessToken());
        assertTrue(branch.isActive(again));
    }

    @Test
    void oneRowThatCannotBeReadKeepsNobodyElseFromBeingRefreshed() {
        var provider = OidcProvider.withLife(LIFE_SECONDS);
        var broken = Branch.of(provider);
        broken.connect();
        Tables.change("""
                update oauth_grants set refresh_sealed = access_sealed, due_at = '2000-01-01'
                where client_id in (select id from oauth_clients where number = ?::bigint)""", Long.toString(broken.number()));
        var healthy = Branch.of(provider);
        healthy.connect();
        Eventually.within(2 * LIFE_SECONDS, () -> assertTrue(healthy.chain().refreshes() > 0));
        broken.forget();
    }
}
