package dev.latchkey.platform.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.latchkey.platform.startup.StartupFault;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever reaches Redis must still prove something. */
class RedisPasswordCheckTest {

    @ParameterizedTest
    @CsvSource({
        "redis://:q8rT2mWz9KxB@cache:6379,      '',           0",
        "rediss://app:q8rT2mWz9KxB@cache:6379/1, '',          0",
        "redis://cache:6379,                    q8rT2mWz9KxB, 0",
        "redis://cache:6379,                    '',           1",
        "redis://app@cache:6379,                '',           1",
        "redis://:redis@cache:6379,             '',           1",
        "redis://cache:6379,                    changeme1234, 1",
    })
    void aPasswordThatIsNotGuessed(String host, String password, int faults) {
        assertEquals(faults, faults(password, host).size());
    }

    @Test
    void oneFaultForAllHostsAlikeAndNoneQuotesThePassword() {
        var faults = faults("", "redis://:guessed@one:6379", "redis://:guessed@two:6379");
        assertEquals(1, faults.size());
        assertFalse(faults.toString().contains("guessed"));
    }

    private static List<StartupFault> faults(String password, String... hosts) {
        var uris = Arrays.stream(hosts).map(URI::create).toList();
        return new RedisPasswordCheck(Optional.of(uris), Optional.of(password).filter(text -> !text.isEmpty()))
                .faults();
    }
}
