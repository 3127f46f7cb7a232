package dev.latchkey.platform.redis;

import dev.latchkey.platform.crypto.WeakSecret;
import dev.latchkey.platform.startup.StartupCheck;
import dev.latchkey.platform.startup.StartupFault;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Redis asks for a password, and not for one that is guessed: whoever reaches it could lift every limit. */
@ApplicationScoped
class RedisPasswordCheck implements StartupCheck {

    private final List<URI> hosts;
    private final Optional<String> password;

    RedisPasswordCheck(
            @ConfigProperty(name = "quarkus.redis.hosts") Optional<List<URI>> hosts,
            @ConfigProperty(name = "quarkus.redis.password") Optional<String> password) {
        this.hosts = hosts.orElse(List.of());
        this.password = password;
    }

    @Override
    public List<StartupFault> faults() {
        return hosts.stream()
                .flatMap(host -> WeakSecret.reason(password.orElseGet(() -> passwordOf(host))).stream())
                .distinct()
                .map(
                        problem -> new StartupFault(
                                "The password in QUARKUS_REDIS_HOSTS",
                                problem,
                                "Give Redis a random requirepass of 12 characters or more, and write redis://:PASSWORD@host:6379."))
                .toList();
    }

    private static String passwordOf(URI host) {
        var user = host.getUserInfo();
        return user == null ? "" : user.substring(user.indexOf(':') + 1);
    }
}
