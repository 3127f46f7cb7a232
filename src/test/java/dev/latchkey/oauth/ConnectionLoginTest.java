package dev.latchkey.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logins at a certified provider: only the browser that began one ends it, once, and with the answer of that provider. */
@QuarkusTest
class ConnectionLoginTest {

    private static final int LIFE_SECONDS = 300;

    private OidcProvider provider;

    @BeforeEach
    void start() {
        provider = OidcProvider.withLife(LIFE_SECONDS);
    }

    @Test
    void aBrowserSeesThatItIsConnectedAndNoToken() {
        var branch = Branch.of(provider);
        var browser = Branch.browser();
        var page = browser.get(browser.logIn(Long.toString(branch.number())), Browser.HTML);
        assertEquals(200, page.statusCode(), page::body);
        assertEquals("text/html;charset=utf-8", header(page, "Content-Type").toLowerCase(Locale.ROOT));
        assertEquals("no-store", header(page, "Cache-Control"));
        assertEquals("no-referrer", header(page, "Referrer-Policy"));
        assertTrue(page.body().contains("The account is connected"), page::body);
        assertTrue(page.body().contains("The &lt;desk&gt;"), page::body);
        var token = branch.accessToken();
        assertTrue(branch.isActive(token));
        assertFalse(page.body().contains(token));
    }

    private static String header(HttpResponse<String> page, String name) {
        return page.headers().firstValue(name).orElse("");
    }

    @Test
    void theBrowserThatBeganALoginEndsItOnce() {
        var branch = Branch.of(provider);
        var browser = Branch.browser();
        var callback = browser.logIn(Long.toString(branch.number()));

        isInvalid(Branch.browser().get(callback, Browser.PROGRAM));
        // Another one that has a login of its own under way.
        var other = Branch.browser();
        other.logIn(Long.toString(branch.number()));
        isInvalid(other.get(callback, Browser.PROGRAM));
        branch.token(0).then().statusCode(409);

        assertEquals(200, browser.get(callback, Browser.PROGRAM).statusCode());
        var token = branch.accessToken();
        isInvalid(browser.get(callback, Browser.PROGRAM));
        isInvalid(browser.get(without(callback, "code"), Browser.PROGRAM));
        // The same state, written in other ways.
        for (var end : List.of("=", "==", "%3D")) {
            isInvalid(browser.get(
                    URI.create(callback.toString()
                            .replace(parameter(callback, "state"), parameter(callback, "state") + end)),
                    Browser.PROGRAM));
        }
        assertEquals(token, branch.accessToken());
        // The provider was not asked again: a code that comes twice would have ended what it gave.
        assertTrue(branch.isActive(token));
    }

    @Test
    void theCookieIsForNoScriptNoOtherSiteAndNoPlainConnection() {
        var branch = Branch.of(provider);
        for (var redirectUri :
                List.of("https://keys.example.test/token-management/auth/callback", "http://localhost/callback")) {
            branch.admin()
                    .calls()
                    .body(Map.of("redirect_uri", redirectUri))
                    .patch(Branch.BASE + "/clients/" + branch.number())
                    .then()
                    .statusCode(200);
            var login = Branch.browser()
                    .get(URI.create(Branch.here() + Branch.BASE + "/oauth/login/" + branch.number()), Browser.HTML);
            var attributes = Set.of(header(login, "Set-Cookie").split(";\\s*"));
            assertTrue(
                    attributes.containsAll(Set.of("HttpOnly", "SameSite=Lax", "Path=/token-management")),
                    attributes::toString);
            assertEquals(redirectUri.startsWith("https:"), attributes.contains("Secure"), attributes::toString);
        }
    }

    @Test
    void aStateThatIsForgedChangedOrMissingIsRefused() {
        var branch = Branch.of(provider);
        var browser = Branch.browser();
        var callback = browser.logIn(Long.toString(branch.number()));
        var state = parameter(callback, "state");
        isInvalid(browser.get(without(callback, "state"), Browser.PROGRAM));
        isInvalid(browser.get(with(callback, "state", ""), Browser.PROGRAM));
        isInvalid(browser.get(with(callback, "state", "forged"), Browser.PROGRAM));
        for (var at : new int[] {0, state.length() / 2, state.length() - 2}) {
            var changed = state.substring(0, at) + (state.charAt(at) == 'A' ? 'B' : 'A') + state.substring(at + 1);
            isInvalid(browser.get(with(callback, "state", changed), Browser.PROGRAM));
        }
        assertEquals(200, browser.get(callback, Browser.PROGRAM).statusCode());
    }

    @Test
    void theAnswerOfAnotherIssuerIsRefused() {
        var branch = Branch.of(provider);
        var browser = Branch.browser();
        var callback = browser.logIn(Long.toString(branch.number()));
        assertEquals(provider.issuer(), URLDecoder.decode(parameter(callback, "iss"), UTF_8));
        isInvalid(browser.get(without(callback, "iss"), Browser.PROGRAM));
        isInvalid(browser.get(with(callback, "iss", "https://attacker.example"), Browser.PROGRAM));
        isInvalid(browser.get(with(callback, "iss", parameter(callback, "iss") + "%2F"), Browser.PROGRAM));
        assertEquals(200, browser.get(callback, Browser.PROGRAM).statusCode());
    }

    @Test
    void aUserWhoSaysNoConnectsNothing() {
        var branch = Branch.of(provider);
        var browser = Branch.browser();
        var callback = browser.logIn(Long.toString(branch.number()), "&login_hint=deny");
        assertEquals("access_denied", parameter(callback, "error"));
        is(400, "access_denied", browser.get(callback, Browser.PROGRAM));
        branch.token(0).then().statusCode(409);

        var page = browser.get(browser.logIn(Long.toString(branch.number()), "&login_hint=deny"), Browser.HTML);
        assertEquals(400, page.statusCode());
        assertTrue(page.body().contains("The account is not connected"), page::body);
    }

    @Test
    void aCodeThatTheProviderDidNotGiveIsRefused() {
        var branch = Branch.of(provider);
        var browser = Branch.browser();
        var callback = browser.logIn(Long.toString(branch.number()));
        var answer = browser.get(with(callback, "code", "made-up"), Browser.PROGRAM);
        is(502, "exchange_failed", answer);
        assertEquals("invalid_grant", OidcProvider.json(answer).path("reason").asText());
        branch.token(0).then().statusCode(409);
    }

    // PKCE (RFC 7636): the login it was stolen from had another verifier.
    @Test
    void aCodeOfAnotherLoginOfTheSameClientIsRefused() {
        var branch = Branch.of(provider);
        var victim = Branch.browser().logIn(Long.toString(branch.number()));
        var thief = Branch.browser();
        var callback = thief.logIn(Long.toString(branch.number()));
        var answer = thief.get(with(callback, "code", parameter(victim, "code")), Browser.PROGRAM);
        is(502, "exchange_failed", answer);
        branch.token(0).then().statusCode(409);
    }

    @Test
    void aWrongSecretIsToldAsSuch() {
        var wrong = "not the secret, which nobody shall see";
        var branch = Branch.of(Api.newUser(), provider, "client_secret_basic", wrong, Map.of());
        var browser = Branch.browser();
        var answer = browser.get(browser.logIn(Long.toString(branch.number())), Browser.PROGRAM);
        is(502, "exchange_failed", answer);
        assertEquals(
                "The provider does not accept the client's id or secret",
                OidcProvider.json(answer).path("detail").asText());
        assertEquals("invalid_client", OidcProvider.json(answer).path("reason").asText());
        assertFalse(answer.body().contains(wrong));

        var page = browser.get(browser.logIn(Long.toString(branch.number())), Browser.HTML);
        assertEquals(502, page.statusCode());
        assertTrue(page.body().contains("does not accept the client"), page::body);

        branch.admin()
                .calls()
                .body(Map.of("client_secret", OidcProvider.SECRET, "keep_old_secrets", true))
                .patch(Branch.BASE + "/clients/" + branch.number())
                .then()
                .statusCode(200);
        assertTrue(branch.isActive(branch.connect().getString("access_token")));
    }

    private static void isInvalid(HttpResponse<String> answer) {
        is(400, "invalid_state", answer);
    }

    private static void is(int status, String code, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(code, OidcProvider.json(answer).path("code").asText());
    }

    private static String parameter(URI uri, String name) {
        for (var one : uri.getRawQuery().split("&", -1)) {
            if (one.startsWith(name + "=")) {
                return one.substring(name.length() + 1);
            }
        }
        throw new AssertionError("No " + name + " in " + uri);
    }

    private static URI without(URI uri, String name) {
        return URI.create(uri.toString().replace(name + "=" + parameter(uri, name), "x=x"));
    }

    private static URI with(URI uri, String name, String value) {
        return URI.create(uri.toString().replace(name + "=" + parameter(uri, name), name + "=" + value));
    }
}
