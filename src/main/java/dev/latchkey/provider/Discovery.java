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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Finds providers by their issuer (OpenID Connect Discovery 1.0; RFC 8414 names the same members). */
@Singleton
class Discovery {

    static final String PREFIX = "oidc:";

    private static final int OK = 200;
    private static final int MOST_KNOWN = 1000;
    private static final int LONGEST_ISSUER = 250;
    private static final String OFFLINE = "offline_access";

    private final ProviderHttp http;
    private final ProvidersConfig config;
    private final ObjectMapper json;
    private final Cache<String, Provider> known = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(Duration.ofHours(1))
            .build();

    Discovery(ProviderHttp http, ProvidersConfig config, ObjectMapper json) {
        this.http = http;
        this.config = config;
        this.json = json;
    }

    Provider find(String name) {
        var provider = known.getIfPresent(name);
        if (provider == null) {
            provider = discover(name);
            known.put(name, provider);
        }
        return provider;
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
        var isUrl = uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && issuer.length() <= LONGEST_ISSUER
                && ("https".equals(uri.getScheme()) || !publicOnly() && "http".equals(uri.getScheme()));
        if (!isUrl) {
            throw Problem.invalidField("provider", "names an issuer that is no https URL without query and fragment");
        }
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

    private static ClientAuthentication authentication(List<String> supported) {
        // What is not said is Basic (section 3).
        return supported.isEmpty() || supported.contains(ClientAuthentication.CLIENT_SECRET_BASIC.word())
                ? ClientAuthentication.CLIENT_SECRET_BASIC
                : supported.contains(ClientAuthentication.CLIENT_SECRET_POST.word())
                        ? ClientAuthentication.CLIENT_SECRET_POST
                        : ClientAuthentication.PRIVATE_KEY_JWT;
    }

    private static Optional<URI> uri(JsonNode metadata, String name) {
        return Optional.of(metadata.path(name).asText(""))
                .filter(text -> !text.isEmpty())
                .map(URI::create);
    }

    private static List<String> words(JsonNode metadata, String name) {
        return StreamSupport.stream(metadata.path(name).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
