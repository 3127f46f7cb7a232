package dev.latchkey.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An OAuth 2.0 provider.
 *
 * @param issuer checked in callbacks (RFC 9207) and where keys are found; empty if it is not known
 * @param isTrusted whether the operator chose its addresses; if not, they are reached in public networks only
 * @param namesIssuer whether its callbacks always say the issuer (RFC 9207)
 * @param scopes asked for where a client names none
 * @param authorizationParameters added to each login
 * @param lifeWhenUnsaid of an access token whose life is not told; empty if such tokens do not expire
 * @param goneErrors error codes that mean: this grant is over
 */
public record Provider(
        String name,
        Optional<String> issuer,
        boolean isTrusted,
        boolean namesIssuer,
        Endpoints endpoints,
        ClientAuthentication clientAuthentication,
        boolean pkce,
        String scopeSeparator,
        List<String> scopes,
        Map<String, String> authorizationParameters,
        Optional<Duration> lifeWhenUnsaid,
        Set<String> goneErrors) {

    /** What every provider says of a grant that is over (RFC 6749, section 5.2). */
    public static final String INVALID_GRANT = "invalid_grant";

    /** @param introspection RFC 7662; {@code device}: RFC 8628 */
    public record Endpoints(
            Optional<URI> authorization,
            URI token,
            Optional<URI> revocation,
            Optional<URI> introspection,
            Optional<URI> device) {}

    public Provider {
        scopes = List.copyOf(scopes);
        authorizationParameters = Map.copyOf(authorizationParameters);
        goneErrors = Set.copyOf(goneErrors);
    }

    /** Scopes in one text, as it would have them. */
    public String scope(String... scopes) {
        return String.join(scopeSeparator, scopes);
    }
}
