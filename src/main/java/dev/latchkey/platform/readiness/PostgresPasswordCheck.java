package dev.latchkey.platform.readiness;

import dev.latchkey.platform.crypto.WeakSecret;
import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** PostgreSQL asks for a password, and not for one that is guessed. A credentials provider's password is its own business. */
@ApplicationScoped
class PostgresPasswordCheck implements StartupCheck {

    private final Optional<String> username;
    private final String password;
    private final boolean provided;

    PostgresPasswordCheck(
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> username,
            @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password,
            @ConfigProperty(name = "quarkus.datasource.credentials-provider") Optional<String> provider) {
        this.username = username;
        this.password = password.orElse("");
        this.provided = provider.isPresent();
    }

    @Override
    public List<StartupFault> faults() {
        if (provided) {
            return List.of();
        }
        var reason = username.filter(password::equalsIgnoreCase).isPresent()
                ? Optional.of("is the user name")
                : WeakSecret.reason(password);
        return reason.stream()
                .map(problem -> new StartupFault(
                        "QUARKUS_DATASOURCE_PASSWORD",
                        problem,
                        "Give the database user a random password of 12 characters or more, and set it here."))
                .toList();
    }
}
