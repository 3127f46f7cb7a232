package dev.latchkey.identity;

import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.crypto.WeakSecret;
import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Makes the first admin at start, if there is none and one is configured, with a password that is nobody's default. */
@ApplicationScoped
class FirstAdmin implements StartupCheck {

    private static final Logger LOG = Logger.getLogger(FirstAdmin.class);
    // It stands in application.properties, for everybody to read.
    private static final String PASSWORD_OF_DEV_MODE = "latchkey-dev-only";

    private final FirstAdminConfig config;
    private final Registration registration;
    private final ClusterLock lock;

    FirstAdmin(FirstAdminConfig config, Registration registration, ClusterLock lock) {
        this.config = config;
        this.registration = registration;
        this.lock = lock;
    }

    @Override
    public List<StartupFault> faults() {
        return config.password().flatMap(this::weakness).stream()
                .map(reason -> new StartupFault(
                        "LATCHKEY_ADMIN_PASSWORD",
                        reason,
                        "Set a random one of 12 to 72 bytes; it may be removed after the first start."))
                .toList();
    }

    private Optional<String> weakness(String password) {
        if (password.equals(PASSWORD_OF_DEV_MODE)) {
            return Optional.of("is the password of dev mode");
        }
        var same = config.username().filter(password::equalsIgnoreCase).isPresent()
                || config.email().filter(password::equalsIgnoreCase).isPresent();
        return same ? Optional.of("is the user name or the e-mail address") : WeakSecret.reason(password);
    }

    @Transactional
    void make(@Observes StartupEvent event) {
        if (config.username().isEmpty()
                && config.email().isEmpty()
                && config.password().isEmpty()) {
            return;
        }
        // Replicas that start together make one admin.
        lock.take("identity.first-admin");
        if (!User.anyAdmin()) {
            var username = required(config.username(), "LATCHKEY_ADMIN_USERNAME");
            var email = required(config.email(), "LATCHKEY_ADMIN_EMAIL");
            registration.register(
                    username, email, required(config.password(), "LATCHKEY_ADMIN_PASSWORD"), config.role());
            LOG.infof("The first %s was made: %s", config.role().word(), username);
        }
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            // A password that stands in application.properties for everyone to read, and works in dev mode only.
            LOG.infof(
                    "Log in as \"%s\" with the password \"%s\"",
                    config.username().orElse(""), config.password().orElse(""));
        }
    }

    private static String required(Optional<String> value, String variable) {
        return value.orElseThrow(() -> new IllegalStateException("The first admin needs " + variable + " too"));
    }
}
