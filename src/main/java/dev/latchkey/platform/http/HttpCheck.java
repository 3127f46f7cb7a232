package dev.latchkey.platform.http;

import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Browser origins and proxies are named one by one. */
@ApplicationScoped
class HttpCheck implements StartupCheck {

    private final List<String> origins;
    private final List<String> proxies;

    HttpCheck(HttpConfig config, @ConfigProperty(name = "quarkus.http.cors.origins") Optional<List<String>> origins) {
        this.origins = origins.orElse(List.of());
        this.proxies = config.trustedProxies().orElse(List.of());
    }

    @Override
    public List<StartupFault> faults() {
        return Stream.concat(
                        origins.stream()
                                .map(String::strip)
                                .filter(HttpCheck::isOpen)
                                .map(origin -> new StartupFault(
                                        "QUARKUS_HTTP_CORS_ORIGINS",
                                        "lets in every page that matches \"" + origin + "\"",
                                        "Name each origin in full, such as https://portal.example.com, with commas.")),
                        proxies.stream()
                                .map(String::strip)
                                .filter(proxy -> proxy.endsWith("/0"))
                                .map(proxy -> new StartupFault(
                                        "LATCHKEY_HTTP_TRUSTED_PROXIES",
                                        "believes everybody's X-Forwarded-For (" + proxy + ")",
                                        "Name the addresses of the proxies in front of this service.")))
                .toList();
    }

    // A star, a regular expression between slashes, and the origin that every sandboxed page has.
    private static boolean isOpen(String origin) {
        return origin.contains("*") || origin.startsWith("/") || origin.equalsIgnoreCase("null");
    }
}
