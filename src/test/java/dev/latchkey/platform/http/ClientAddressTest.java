package dev.latchkey.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** From whom a request comes, and that nobody can pretend to be someone else. */
class ClientAddressTest {

    private static final String CLIENT = "203.0.113.7";

    @Test
    void withoutTrustedProxiesTheSocketAloneCounts() {
        assertEquals(CLIENT, resolve(List.of(), CLIENT, "198.51.100.1"));
        assertEquals("127.0.0.1", resolve(List.of(), "127.0.0.1", "198.51.100.1"));
    }

    @Test
    void whoIsNoTrustedProxySpeaksForNobodyElse() {
        assertEquals(CLIENT, resolve(List.of("10.0.0.0/8"), CLIENT, "198.51.100.1"));
    }

    @Test
    void aTrustedProxySpeaksForItsClient() {
        assertEquals(CLIENT, resolve(List.of("10.0.0.0/8"), "10.0.0.1", CLIENT));
        assertEquals("2001:db8:0:0:0:0:0:1", resolve(List.of("10.0.0.0/8"), "10.0.0.1", "2001:DB8::1"));
        assertEquals("10.0.0.1", resolve(List.of("10.0.0.0/8"), "10.0.0.1"));
    }

    @Test
    void whatAClientWroteLeftOfItsOwnAddressIsNotBelieved() {
        assertEquals(CLIENT, resolve(List.of("10.0.0.0/8"), "10.0.0.1", "198.51.100.1, 10.9.9.9, " + CLIENT));
        assertEquals(CLIENT, resolve(List.of("10.0.0.0/8"), "10.0.0.1", "10.0.0.2," + CLIENT + ", 10.0.0.3"));
    }

    @Test
    void severalHeadersAreOneList() {
        assertEquals(CLIENT, resolve(List.of("10.0.0.0/8"), "10.0.0.1", "198.51.100.1", CLIENT, "10.0.0.2"));
    }

    @Test
    void nonsenseEndsTheListWhereItStands() {
        assertEquals("10.0.0.2", resolve(List.of("10.0.0.0/8"), "10.0.0.1", CLIENT + ", nonsense, 10.0.0.2"));
        assertEquals("10.0.0.1", resolve(List.of("10.0.0.0/8"), "10.0.0.1", ""));
        assertEquals("10.0.0.1", resolve(List.of("10.0.0.0/8"), "10.0.0.1", CLIENT + ":8080"));
    }

    @Test
    void aRequestThroughProxiesOnlyComesFromTheFirstOfThem() {
        assertEquals("10.0.0.3", resolve(List.of("10.0.0.0/8"), "10.0.0.1", "10.0.0.3, 10.0.0.2"));
    }

    private static String resolve(List<String> trustedProxies, String socket, String... forwarded) {
        return new ClientAddress(new HttpConfig() {
                    @Override
                    public Optional<List<String>> trustedProxies() {
                        return Optional.of(trustedProxies);
                    }

                    @Override
                    public MemorySize maxBodySize() {
                        return new MemorySize(BigInteger.ONE);
                    }
                })
                .resolve(socket, List.of(forwarded));
    }
}
