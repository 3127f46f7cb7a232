package dev.latchkey.platform.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the client writes into its failures has no secret in it. */
class PasswordOutOfAddressesTest {

    @Test
    void thePasswordLeavesTheAddressesAndIsStillGiven() {
        var options = customized(
                RedisClientType.CLUSTER,
                "redis://:q8%2FrT2m@one:6379",
                "rediss://:q8%2FrT2m@two:6380/1",
                "redis://three");
        assertEquals(List.of("redis://one:6379", "rediss://two:6380/1", "redis://three"), options.getEndpoints());
        assertEquals("q8/rT2m", options.getPassword());
    }

    @Test
    void addressesWithoutAPasswordStayAsTheyAre() {
        var options = customized(RedisClientType.CLUSTER, "redis://one:6379");
        assertEquals(List.of("redis://one:6379"), options.getEndpoints());
    }

    @Test
    void aUserIsLeftToASingleRedisAndRefusedElsewhere() {
        var address = "redis://app:q8rT2mWz9KxB@one:6379";
        assertEquals(
                List.of(address),
                customized(RedisClientType.STANDALONE, address).getEndpoints());
        for (var type : List.of(RedisClientType.CLUSTER, RedisClientType.SENTINEL)) {
            var refused = assertThrows(ConfigurationException.class, () -> customized(type, address));
            assertFalse(String.valueOf(refused.getMessage()).contains("q8rT2mWz9KxB"));
        }
    }

    @Test
    void twoPasswordsAreRefusedInACluster() {
        assertThrows(
                ConfigurationException.class,
                () -> customized(RedisClientType.CLUSTER, "redis://:one@one:6379", "redis://:two@two:6379"));
    }

    private static RedisOptions customized(RedisClientType type, String... addresses) {
        var options = new RedisOptions().setType(type);
        for (var address : addresses) {
            options.addConnectionString(address);
        }
        new PasswordOutOfAddresses().customize("default", options);
        return options;
    }
}
