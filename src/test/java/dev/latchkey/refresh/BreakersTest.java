package dev.latchkey.refresh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.provider.TokenReply;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import dev.latchkey.provider.Tokens;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BreakersTest {

    private static final String PROVIDER = "a provider";
    private static final UUID MINE = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final TokenReply BROKEN = new Failed("Status 503", Optional.empty(), true);
    private static final TokenReply SLOWER = new Failed("Status 429", Optional.of(Duration.ofHours(1)), false);
    private static final TokenReply GRANTED =
            new Granted(new Tokens(new Secret("a"), Optional.empty(), "Bearer", Optional.empty(), Optional.empty()), 0);

    private final Breakers breakers = new Breakers(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    private void heard(int times, TokenReply reply) {
        for (var i = 0; i < times; i++) {
            breakers.heard(PROVIDER, MINE, reply);
        }
    }

    @Test
    void aProviderThatIsBrokenFiveTimesInARowIsLeftAloneByAllAndLongerEachTime() {
        heard(4, BROKEN);
        assertEquals(Optional.empty(), breakers.wait(PROVIDER, OTHER));
        heard(1, BROKEN);
        var first = breakers.wait(PROVIDER, OTHER).orElseThrow();
        assertTrue(
                first.compareTo(Duration.ofSeconds(4)) >= 0 && first.compareTo(Duration.ofSeconds(6)) <= 0,
                first::toString);
        heard(20, BROKEN);
        var longest = breakers.wait(PROVIDER, MINE).orElseThrow();
        assertTrue(
                longest.compareTo(Duration.ofSeconds(90)) > 0 && longest.compareTo(Duration.ofSeconds(150)) < 0,
                longest::toString);
        assertEquals(Optional.empty(), breakers.wait("another", MINE));
    }

    @Test
    void whatItSaysToOneClientKeepsNobodyElseWaiting() {
        heard(20, SLOWER);
        assertEquals(Optional.of(Duration.ofHours(1)), breakers.wait(PROVIDER, MINE));
        assertEquals(Optional.empty(), breakers.wait(PROVIDER, OTHER));
    }

    @Test
    void anyAnswerThatIsOneBeginsTheCountAnew() {
        for (var answer : List.of(
                GRANTED, new Refused("invalid_grant", true), new Failed("slow_down", Optional.empty(), false))) {
            heard(4, BROKEN);
            heard(1, answer);
            heard(4, BROKEN);
            assertEquals(Optional.empty(), breakers.wait(PROVIDER, OTHER), answer.toString());
        }
    }
}
