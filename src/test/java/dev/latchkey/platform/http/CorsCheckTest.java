package dev.latchkey.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No page may call in the name of a person who looks at it, unless an operator named its origin. */
class CorsCheckTest {

    @ParameterizedTest
    @ValueSource(strings = {"*", " * ", "https://*.example.com", "/.*/", "null", "NULL"})
    void anOriginThatManyHaveIsAFault(String origin) {
        var faults = new CorsCheck(Optional.of(List.of("https://portal.example.com", origin))).faults();
        assertEquals(1, faults.size());
        assertTrue(faults.getFirst().toString().contains(origin.strip()), faults.toString());
    }

    @Test
    void namedOriginsAndNoneAreFine() {
        assertEquals(List.of(), new CorsCheck(Optional.empty()).faults());
        assertEquals(
                List.of(),
                new CorsCheck(Optional.of(List.of("https://a.example.com", "http://127.0.0.1:5173"))).faults());
    }
}
