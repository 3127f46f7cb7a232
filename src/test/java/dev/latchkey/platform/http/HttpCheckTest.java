package dev.latchkey.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.startup.StartupFault;
import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No page may call in the name of a person who looks at it, and no proxy say for whom it speaks, unless an operator named it. */
class HttpCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"*", " * ", "https://*.example.com", "/.*/", "null", "NULL"})
    void anOriginThatManyHaveIsAFault(String origin) {
        var faults = faults(List.of("https://portal.example.com", origin), List.of());
        assertEquals(1, faults.size());
        assertTrue(faults.getFirst().toString().contains(origin.strip()), faults.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", " 10.0.0.0/0"})
    void aProxyThatIsEverybodyIsAFault(String proxy) {
        assertEquals(1, faults(List.of(), List.of("10.0.0.0/8", proxy)).size());
    }

    @Test
    void namedOnesAndNoneAreFine() {
        assertEquals(List.of(), faults(List.of(), List.of()));
        assertEquals(
                List.of(),
                faults(List.of("https://a.example.com", "http://127.0.0.1:5173"), List.of("10.0.0.0/8", "fd00::/10")));
    }

    private static List<StartupFault> faults(List<String> origins, List<String> proxies) {
        var config = new HttpConfig() {
            @Override
            public Optional<List<String>> trustedProxies() {
                return Optional.of(proxies);
            }

            @Override
            public MemorySize maxBodySize() {
                return new MemorySize(BigInteger.ONE);
            }
        };
        return new HttpCheck(config, Optional.of(origins)).faults();
    }
}
