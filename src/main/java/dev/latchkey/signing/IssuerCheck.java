package dev.latchkey.signing;

import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The issuer is an https URL without query and fragment (RFC 8414, section 2), unless nobody else can reach this instance. */
@ApplicationScoped
class IssuerCheck implements StartupCheck {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");
    private static final String REMEDY =
            "Set it to the URL under which clients reach this service, such as https://keys.example.com.";

    private final String issuer;
    private final String listensOn;

    IssuerCheck(SigningConfig config, @ConfigProperty(name = "quarkus.http.host") String listensOn) {
        this.issuer = config.issuer();
        this.listensOn = listensOn;
    }

    @Override
    public List<StartupFault> faults() {
        try {
            var url = new URI(issuer);
            if (url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
                return fault("is no absolute URL without query and fragment");
            }
            var local = LOOPBACK.contains(url.getHost()) && LOOPBACK.contains(listensOn);
            return "https".equals(url.getScheme()) || local
                    ? List.of()
                    : fault("is not an https URL: \"" + issuer + "\"");
        } catch (URISyntaxException e) {
            return fault("is no URL");
        }
    }

    private static List<StartupFault> fault(String problem) {
        return List.of(new StartupFault("JWT_ISSUER", problem, REMEDY));
    }
}
