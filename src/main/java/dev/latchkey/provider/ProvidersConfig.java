package dev.latchkey.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The providers that connections may be made with. */
@ConfigMapping(prefix = "latchkey.oauth")
public interface ProvidersConfig {

    /** By name. */
    Map<String, Configured> providers();

    /** Which issuers tenants may name as {@code oidc:<issuer>}. */
    @WithDefault("public")
    DiscoveryPolicy discovery();

    /** How long a provider's answer is waited for, from the first byte sent to the last one received. */
    @WithDefault("10s")
    Duration timeout();

    /** Which issuers may be discovered. */
    enum DiscoveryPolicy {
        /** None. */
        OFF,
        /** Those with https and an address in public networks. */
        PUBLIC,
        /** All, also with http: for development. */
        ANY
    }

    /** One provider. */
    interface Configured {

        URI authorizationEndpoint();

        URI tokenEndpoint();

        Optional<URI> revocationEndpoint();

        Optional<URI> introspectionEndpoint();

        Optional<URI> deviceAuthorizationEndpoint();

        Optional<String> issuer();

        /** Whether each callback says the issuer (RFC 9207). */
        @WithDefault("false")
        boolean namesIssuer();

        @WithDefault("client_secret_basic")
        ClientAuthentication clientAuthentication();

        @WithDefault("true")
        boolean pkce();

        /** Between scopes; a space if nothing is said. */
        Optional<String> scopeSeparator();

        Optional<List<String>> scopes();

        Map<String, String> authorizationParameters();

        Optional<Duration> lifeWhenUnsaid();

        /** What it calls a grant that is over, besides {@code invalid_grant}. */
        Optional<Set<String>> goneErrors();
    }
}
