package dev.latchkey.platform.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is guessed first is no secret. */
class WeakSecretTest {

    @ParameterizedTest
    @CsvSource({
        "'', is missing",
        "'   ', is missing",
        "postgres, has fewer than 12 characters",
        "elevenchars, has fewer than 12 characters",
        "Changeme1234, is one of the passwords that are tried first",
        "aaaaaaaaaaaaaaaa, is one of the passwords that are tried first",
        "abababababababab, is one of the passwords that are tried first",
    })
    void aWeakOneIsNamed(String secret, String reason) {
        assertEquals(Optional.of(reason), WeakSecret.reason(secret));
    }

    @Test
    void aRandomOneWillDo() {
        assertEquals(Optional.empty(), WeakSecret.reason("q8rT2mWz9KxB"));
    }
}
