package dev.latchkey.provider;

import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.Provider.Endpoints;
import dev.latchkey.provider.ProvidersConfig.Configured;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Providers by name. */
@Singleton
public class Providers {

    private final Map<String, Provider> configured;
    private final Discovery discovery;

    Providers(ProvidersConfig config, Discovery discovery) {
        this.configured = config.providers().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> of(one.getKey(), one.getValue())));
        this.discovery = discovery;
    }

    /**
     * The provider of that name. Blocking, where it has to be discovered.
     *
     * @throws Problem {@code validation_failed} for one that does not exist; {@code provider_unavailable} if it cannot be discovered now
     */
    public Provider get(String name) {
        var known = configured.get(name);
        if (known != null) {
            return known;
        }
        if (name.startsWith(Discovery.PREFIX)) {
            return discovery.find(name);
        }
        throw Problem.invalidField(
                "provider",
                "is not known; known are " + new TreeSet<>(configured.keySet()) + " and " + Discovery.PREFIX
                        + "<issuer>");
    }

    private static Provider of(String name, Configured config) {
        var gone = config.goneErrors().map(TreeSet::new).orElseGet(TreeSet::new);
        gone.add(Provider.INVALID_GRANT);
        return new Provider(
                name,
                config.issuer(),
                true,
                config.namesIssuer(),
                new Endpoints(
                        Optional.of(config.authorizationEndpoint()),
                        config.tokenEndpoint(),
                        config.revocationEndpoint(),
                        config.introspectionEndpoint(),
                        config.deviceAuthorizationEndpoint()),
                config.clientAuthentication(),
                config.pkce(),
                config.scopeSeparator().orElse(" "),
                config.scopes().orElse(List.of()),
                config.authorizationParameters(),
                config.lifeWhenUnsaid(),
                Set.copyOf(gone));
    }
}
