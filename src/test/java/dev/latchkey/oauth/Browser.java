package dev.latchkey.oauth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Goes where it is sent, and keeps the cookies it is given. */
public final class Browser {

    public static final String HTML = "text/html,application/xhtml+xml,*/*;q=0.8";
    public static final String PROGRAM = "application/json";

    private static final int MOST_REDIRECTS = 10;
    private static final String CALLBACK = "/token-management/auth/callback";

    private record Kept(String host, int port, HttpCookie cookie) {

        boolean isFor(URI uri) {
            return uri.getHost().equals(host) && uri.getPort() == port && isBelow(uri.getPath());
        }

        // RFC 6265, section 5.1.4.
        private boolean isBelow(String path) {
            var top = cookie.getPath();
            return path.equals(top) || path.startsWith(top.endsWith("/") ? top : top + "/");
        }

        boolean isReplacedBy(Kept other) {
            return host.equals(other.host)
                    && port == other.port
                    && cookie.getName().equals(other.cookie.getName())
                    && cookie.getPath().equals(other.cookie.getPath());
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private final List<Kept> cookies = new ArrayList<>();
    private final URI latchkey;

    /** @param latchkey where the service is */
    public Browser(String latchkey) {
        this.latchkey = URI.create(latchkey);
    }

    /** Begins a login, and lets the provider ask its user. What the provider sends back is not yet taken to Latchkey. */
    public URI logIn(String client) {
        return logIn(client, "");
    }

    /** @param more parameters for the provider, which a browser may add as it likes: {@code &login_hint=deny} is a user who says no */
    public URI logIn(String client, String more) {
        var response = get(latchkey.resolve("/token-management/oauth/login/" + client), HTML);
        var next = URI.create(location(response) + more);
        for (var redirect = 0; redirect < MOST_REDIRECTS; redirect++) {
            if (next.getPath().equals(CALLBACK)) {
                return next;
            }
            next = next.resolve(location(get(next, HTML)));
        }
        throw new AssertionError("The provider sends to and fro: " + next);
    }

    private static String location(HttpResponse<String> response) {
        assertTrue(
                response.statusCode() / 100 == 3,
                () -> response.uri() + " " + response.statusCode() + " " + response.body());
        return response.headers().firstValue("Location").orElseThrow();
    }

    /** @param accept what it would like to see */
    public HttpResponse<String> get(URI uri, String accept) {
        var request = HttpRequest.newBuilder(uri).header("Accept", accept);
        var sent = cookies.stream()
                .filter(kept -> kept.isFor(uri))
                .map(kept -> kept.cookie().getName() + "=" + kept.cookie().getValue())
                .collect(Collectors.joining("; "));
        if (!sent.isEmpty()) {
            request.header("Cookie", sent);
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(cookie -> keep(uri, cookie));
            return response;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(URI uri, String header) {
        for (var cookie : HttpCookie.parse(header)) {
            if (cookie.getPath() == null) {
                cookie.setPath("/");
            }
            var kept = new Kept(uri.getHost(), uri.getPort(), cookie);
            cookies.removeIf(known -> known.isReplacedBy(kept));
            if (!cookie.hasExpired() && !cookie.getValue().isEmpty()) {
                cookies.add(kept);
            }
        }
    }
}
