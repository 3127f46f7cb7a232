package dev.latchkey.platform.http;

import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Browser origins are named one by one. */
@ApplicationScoped
class CorsCheck implements StartupCheck {

    private final List<String> origins;

    CorsCheck(@ConfigProperty(name = "quarkus.http.cors.origins") Optional<List<String>> origins) {
        this.origins = origins.orElse(List.of());
    }

    @Override
    public List<StartupFault> faults() {
        return origins.stream()
                .map(String::strip)
                .filter(CorsCheck::isOpen)
                .map(origin -> new StartupFault(
                        "QUARKUS_HTTP_CORS_ORIGINS",
                        "lets in every page that matches \"" + origin + "\"",
                        "Name each origin in full, such as https://portal.example.com, with commas."))
                .toList();
    }

    // A star, a regular expression between slashes, and the origin that every sandboxed page has.
    private static boolean isOpen(String origin) {
        return origin.contains("*") || origin.startsWith("/") || origin.equalsIgnoreCase("null");
    }
}
