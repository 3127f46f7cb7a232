package dev.latchkey.platform.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes the password out of the addresses before the client sees them: with a cluster, the failures that it reports quote whole addresses,
 * and they are logged.
 */
@ApplicationScoped
class PasswordOutOfAddresses implements RedisOptionsCustomizer {

    @Override
    public void customize(String clientName, RedisOptions options) {
        var addresses = options.getEndpoints();
        var secrets = addresses.stream()
                .flatMap(address -> secret(address).stream())
                .distinct()
                .toList();
        if (secrets.isEmpty()) {
            return;
        }
        if (secrets.getFirst().startsWith(":") && secrets.size() == 1) {
            options.setPassword(URLDecoder.decode(secrets.getFirst().substring(1), UTF_8));
            options.setEndpoints(addresses.stream()
                    .map(address -> address.replace(secrets.getFirst() + "@", ""))
                    .collect(Collectors.toList()));
        } else if (options.getType() != RedisClientType.STANDALONE) {
            throw new ConfigurationException(
                    "QUARKUS_REDIS_HOSTS: with Cluster or Sentinel, all hosts have one password, and no user is named (redis://:PASSWORD@host:6379)");
        }
    }

    private static Optional<String> secret(String address) {
        return Optional.ofNullable(URI.create(address).getRawUserInfo());
    }
}
