package dev.latchkey.oauthclient;

import dev.latchkey.platform.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/** Where a provider may send a browser back to (RFC 6749, section 3.1.2; RFC 9700, section 2.1). */
final class RedirectUri {

    private static final int LONGEST = 2048;
    private static final int HIGHEST_PORT = 65_535;
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private RedirectUri() {}

    /** @throws Problem {@code validation_failed} */
    static String checked(String text) {
        fault(text).ifPresent(fault -> {
            throw Problem.invalidField("redirect_uri", fault);
        });
        return text;
    }

    private static Optional<String> fault(String text) {
        if (text.length() > LONGEST) {
            return Optional.of("must have at most " + LONGEST + " characters");
        }
        // What a browser would write in another way is not what was registered.
        if (!text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            return Optional.of("must be a URL of visible ASCII");
        }
        if (text.contains("*")) {
            return Optional.of("must have no wildcard");
        }
        try {
            return fault(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.of("must be a URL");
        }
    }

    private static Optional<String> fault(URI uri) {
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            return Optional.of("must be a URL with a host, and without a user");
        }
        if (uri.getPort() > HIGHEST_PORT) {
            return Optional.of("must have a port that there is");
        }
        if (uri.getRawFragment() != null) {
            return Optional.of("must have no fragment");
        }
        var isHttps = "https".equals(uri.getScheme());
        return isHttps || "http".equals(uri.getScheme()) && LOCAL.contains(uri.getHost())
                ? Optional.empty()
                : Optional.of("must begin with https, or with http for localhost");
    }
}
