package dev.latchkey.platform.readiness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever reaches PostgreSQL must still prove something. */
class PostgresPasswordCheckTest {

    @ParameterizedTest
    @CsvSource({
        "latchkey,           q8rT2mWz9KxB,       0",
        "latchkey,           '',                 1",
        "latchkey,           postgres,           1",
        "latchkey,           changeme1234,       1",
        "latchkey-service-1, latchkey-service-1, 1",
    })
    void aPasswordThatIsNotGuessed(String username, String password, int faults) {
        var check = new PostgresPasswordCheck(Optional.of(username), Optional.of(password), Optional.empty());
        assertEquals(faults, check.faults().size());
    }

    @Test
    void noneIsAFaultButForACredentialsProvider() {
        assertEquals(
                1,
                new PostgresPasswordCheck(Optional.empty(), Optional.empty(), Optional.empty())
                        .faults()
                        .size());
        assertEquals(
                0,
                new PostgresPasswordCheck(Optional.empty(), Optional.empty(), Optional.of("vault"))
                        .faults()
                        .size());
    }
}
