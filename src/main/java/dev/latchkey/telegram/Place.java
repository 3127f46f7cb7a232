package dev.latchkey.telegram;

import java.net.URI;
import java.util.Optional;

/**
 * Where a Bot API is.
 *
 * @param path before each call's own; empty, or begins with a slash and does not end with one
 */
record Place(String host, int port, boolean isTls, String path) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** Empty unless it is an http or https URL without user information, query and fragment. */
    static Optional<Place> of(URI url) {
        var isTls = "https".equalsIgnoreCase(url.getScheme());
        if (!isTls && !"http".equalsIgnoreCase(url.getScheme())
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            return Optional.empty();
        }
        var usual = isTls ? HTTPS : HTTP;
        return Optional.of(new Place(
                url.getHost(),
                url.getPort() == -1 ? usual : url.getPort(),
                isTls,
                url.getRawPath().replaceAll("/+$", "")));
    }
}
