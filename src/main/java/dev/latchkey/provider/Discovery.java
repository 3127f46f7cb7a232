package dev.latchkey.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.Provider.Endpoints;
import dev.latchkey.provider.ProvidersConfig.DiscoveryPolicy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Finds providers by their issuer (OpenID Connect Discovery 1.0; RFC 8414 names the same members). What was found is looked at again after an hour;
 * while it cannot be, what was true is taken to be so for a day: an issuer whose metadata are away may well give tokens.
 */
@Singleton
class Discovery {

    static final String PREFIX = "oidc:";

    private static final int OK = 200;
    private static final int MOST_KNOWN = 1000;
    private static final int LONGEST_ISSUER = 250;
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration STALE = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final String OFFLINE = "offline_access";

    private final ProviderHttp http;
    private final ProvidersConfig config;
    private final ObjectMapper json;
    private final Clock clock;
    private final Cache<String, Found> known =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

    /** @param lookAgainAt when it is asked for anew */
    private record Found(Provider provider, Instant foundAt, Instant lookAgainAt) {}

    Discovery(ProviderHttp http, ProvidersConfig config, ObjectMapper json, Clock clock) {
        this.http = http;
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    Provider find(String name) {
        var now = clock.instant();
        var found = known.getIfPresent(name);
        if (found != null && now.isBefore(found.lookAgainAt())) {
            return found.provider();
        }
        try {
            var provider = discover(name);
            known.put(name, new Found(provider, now, now.plus(FRESH)));
            return provider;
        } catch (Problem unavailable) {
            if (found == null || now.isAfter(found.foundAt().plus(STALE))) {
                throw unavailable;
            }
            known.put(name, new Found(found.provider(), found.foundAt(), now.plus(PAUSE)));
            return found.provider();
        }
    }

    private Provider discover(String name) {
        var issuer = name.substring(PREFIX.length());
        check(issuer);
        try {
            var at = URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
            var reply = http.get(at, publicOnly());
            if (reply.status() != OK) {
                throw new IOException("Status " + reply.status());
            }
            return read(name, issuer, json.readTree(reply.body()));
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(ProviderProblem.PROVIDER_UNAVAILABLE, "The issuer could not be discovered")
                    .because("Discovery of " + issuer, e);
        }
    }

    private boolean publicOnly() {
        return config.discovery() != DiscoveryPolicy.ANY;
    }

    private void check(String issuer) {
        if (config.discovery() == DiscoveryPolicy.OFF) {
            throw Problem.invalidField("provider", "must be one of the configured ones");
        }
        URI uri;
        try {
            uri = URI.create(issuer);
        } catch (IllegalArgumentException e) {
            throw Problem.invalidField("provider", "names an issuer that is no URL");
        }
        if (!isCallable(uri) || uri.getRawQuery() != null || issuer.length() > LONGEST_ISSUER) {
            throw Problem.invalidField("provider", "names an issuer that is no https URL without query and fragment");
        }
    }

    private boolean isCallable(URI uri) {
        return uri.getHost() != null
                && uri.getPort() <= HIGHEST_PORT
                && uri.getRawUserInfo() == null
                && uri.getRawFragment() == null
                && ("https".equals(uri.getScheme()) || !publicOnly() && "http".equals(uri.getScheme()));
    }

    private Provider read(String name, String issuer, JsonNode metadata) throws IOException {
        // Whoever else's metadata it is, they are not of this issuer (section 4.3).
        if (!issuer.equals(metadata.path("issuer").asText())) {
            throw new IOException("The metadata are of another issuer");
        }
        var endpoints = new Endpoints(
                uri(metadata, "authorization_endpoint"),
                uri(metadata, "token_endpoint").orElseThrow(() -> new IOException("There is no token endpoint")),
                uri(metadata, "revocation_endpoint"),
                uri(metadata, "introspection_endpoint"),
                uri(metadata, "device_authorization_endpoint"));
        var scopes =
                words(metadata, "scopes_supported").contains(OFFLINE) ? List.of("openid", OFFLINE) : List.of("openid");
        return new Provider(
                name,
                Optional.of(issuer),
                !publicOnly(),
                metadata.path("authorization_response_iss_parameter_supported").asBoolean(false),
                endpoints,
                authentication(words(metadata, "token_endpoint_auth_methods_supported")),
                // Where nothing is said it does no harm (RFC 7636, section 5).
                true,
                " ",
                scopes,
                scopes.contains(OFFLINE) ? Map.of("prompt", "consent") : Map.of(),
                Optional.empty(),
                Set.of(Provider.INVALID_GRANT));
    }

    // What is not said is Basic (section 3), and what is said and not known here leaves nothing better.
    private static ClientAuthentication authentication(List<String> supported) {
        return Arrays.stream(ClientAuthentication.values())
                .filter(way -> supported.contains(way.word()))
                .findFirst()
                .orElse(ClientAuthentication.CLIENT_SECRET_BASIC);
    }

    private Optional<URI> uri(JsonNode metadata, String name) throws IOException {
        var text = metadata.path(name).asText("");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var uri = URI.create(text);
        // A browser is sent there, or a secret.
        if (!isCallable(uri)) {
            throw new IOException("No URL that can be called: " + name);
        }
        return Optional.of(uri);
    }

    private static List<String> words(JsonNode metadata, String name) {
        return StreamSupport.stream(metadata.path(name).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
