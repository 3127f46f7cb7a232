package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import dev.latchkey.oauth.Browser;
import dev.latchkey.oauth.OidcProvider;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many ask many instances for a token at the moment at which it ends, of a certified provider that ends a grant whose refresh token comes twice. */
class ConnectionsAtExpiryIT {

    private static final int EXPIRIES = Integer.getInteger("latchkey.expiries", 4);
    private static final int INSTANCES = Integer.getInteger("latchkey.instances", 2);
    private static final int CALLERS = Integer.getInteger("latchkey.callers", 25);
    private static final int LIFE_SECONDS = Integer.getInteger("latchkey.life", 5);
    private static final String CLIENT = "at-expiry";

    private static final List<Instance> instances = new ArrayList<>();
    private static ConnectionCalls calls;

    @BeforeAll
    static void start() throws Exception {
        var settings = OwnDatabase.create("at_expiry")
                .settings(Map.of(
                        "latchkey.oauth.discovery",
                        "any",
                        // The engine comes when the callers come.
                        "latchkey.connections.refresh-at",
                        "1"));
        for (var i = 0; i < INSTANCES; i++) {
            instances.add(Instance.start(settings));
        }
        instances.forEach(Instance::awaitReady);
        calls = new ConnectionCalls(instances.getFirst().base());
    }

    @AfterAll
    static void stop() {
        instances.forEach(Instance::close);
    }

    private record Token(String text, Instant expiresAt) {

        static Token of(HttpResponse<String> answer) throws Exception {
            var json = Caller.json(answer);
            return new Token(
                    json.path("access_token").asText(),
                    Instant.parse(json.path("expires_at").asText()));
        }
    }

    @Test
    void oneRefreshAtEachExpiry() throws Exception {
        var provider = OidcProvider.with(Map.of("ACCESS_TTL", "" + LIFE_SECONDS, "TOKEN_DELAY_MS", "200"));
        var token = connect(provider);
        var judged = 0;
        for (var expiry = 0; expiry < EXPIRIES; expiry++) {
            Thread.sleep(Duration.between(Instant.now(), token.expiresAt().plusMillis(20))
                    .toMillis());
            var before = provider.chains(CLIENT).getFirst().refreshes();
            var begin = Instant.now();
            var all = askAll();
            var asked = Duration.between(begin, Instant.now());
            var refreshes = provider.chains(CLIENT).getFirst().refreshes() - before;
            var texts = new HashSet<String>();
            for (var one : all) {
                assertTrue(one.expiresAt().isAfter(begin), () -> "A token that was over: " + one);
                texts.add(one.text());
            }
            // The engine may have come a moment before us; and on a slow machine the next token ends while they ask.
            assertTrue(refreshes <= 1 || asked.toMillis() > LIFE_SECONDS * 900, refreshes + " refreshes in " + asked);
            if (texts.size() == 1) {
                judged++;
            }
            token = all.stream()
                    .max((a, b) -> a.expiresAt().compareTo(b.expiresAt()))
                    .orElseThrow();
        }
        var chain = provider.chains(CLIENT).getFirst();
        System.out.printf(
                "%d instances x %d callers x %d expiries: %s; all had the same token at %d%n",
                INSTANCES, CALLERS, EXPIRIES, chain, judged);
        assertEquals(new OidcProvider.Chain(chain.refreshes(), 0, 1, false), chain);
        assertTrue(chain.refreshes() >= EXPIRIES, chain::toString);
        assertTrue(provider.isActive(
                CLIENT,
                Token.of(calls.token(instances.getFirst().base(), CLIENT, 0)).text()));
    }

    private static Token connect(OidcProvider provider) throws Exception {
        var base = instances.getFirst().base();
        provider.add(Map.of(
                "client_id",
                CLIENT,
                "client_secret",
                OidcProvider.SECRET,
                "redirect_uris",
                List.of(base + ConnectionCalls.BASE + "/auth/callback")));
        var number = calls.register(base, CLIENT, OidcProvider.SECRET, provider.name());
        var browser = new Browser(base);
        assertEquals(
                200,
                browser.get(browser.logIn(Long.toString(number)), Browser.PROGRAM)
                        .statusCode());
        return Token.of(calls.token(base, CLIENT, 0));
    }

    /** All callers of all instances at once. */
    private static List<Token> askAll() throws Exception {
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asking = new ArrayList<Future<Token>>();
            for (var caller = 0; caller < CALLERS; caller++) {
                for (var instance : instances) {
                    asking.add(threads.submit(() -> {
                        go.await();
                        return Token.of(calls.token(instance.base(), CLIENT, 0));
                    }));
                }
            }
            go.countDown();
            var tokens = new ArrayList<Token>();
            for (var one : asking) {
                tokens.add(one.get());
            }
            return tokens;
        }
    }
}
