package dev.latchkey.governor;

import static dev.latchkey.governor.Replicas.NOBODY_LEAVES;
import static dev.latchkey.governor.Replicas.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.redis.RedisAwayException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TalliesTest {

    private final Counted bot = new Counted(UUID.randomUUID(), UUID.randomUUID());
    private Replicas replicas;

    @BeforeEach
    void start() {
        replicas = new Replicas();
    }

    @AfterEach
    void stop() {
        replicas.close();
    }

    private void use(Governor governor, String method, int status, int millis) throws InterruptedException {
        var call = new Outgoing(
                bot.line(), Optional.of(bot.bot()), 100, 50, method, Optional.empty(), 0, 100, Duration.ofSeconds(1));
        await(governor.admit(call, NOBODY_LEAVES)).done(new Outcome(method, status, Duration.ofMillis(millis)));
        // The end of a call is told behind whoever made it.
        var tallies = replicas.tallies();
        while (tallies.recent(bot).isEmpty()) {
            Thread.sleep(5);
        }
    }

    @Test
    void eachCallIsCountedOnceWhateverDiesInBetween() throws Exception {
        var governor = replicas.governor();
        var tallies = replicas.tallies();
        use(governor, "getMe", 200, 4);
        var first = tallies.take(bot).orElseThrow();
        // Whoever took it died.
        assertEquals(first, replicas.tallies().take(bot).orElseThrow());
        assertEquals(1, first.total());
        tallies.kept(bot, first);
        use(governor, "getMe", 200, 4);
        var second = tallies.take(bot).orElseThrow();
        assertNotEquals(first.name(), second.name());
        // Said again, late: what is on its way now is another tally.
        tallies.kept(bot, first);
        assertEquals(second, tallies.take(bot).orElseThrow());
        assertEquals(List.of(bot), tallies.bots());
        tallies.kept(bot, second);
        assertEquals(Optional.empty(), tallies.take(bot));
        assertEquals(List.of(), tallies.bots());
    }

    @Test
    void whileRedisIsAwayThatIsWhatFails() throws Exception {
        use(replicas.governor(), "getMe", 200, 4);
        var tallies = replicas.tallies();
        var tally = tallies.take(bot).orElseThrow();
        replicas.stopRedis();
        assertThrows(RedisAwayException.class, () -> tallies.take(bot));
        assertThrows(RedisAwayException.class, () -> tallies.kept(bot, tally));
        assertThrows(RedisAwayException.class, () -> tallies.recent(bot));
        assertThrows(RedisAwayException.class, tallies::bots);
    }

    @Test
    void callsAreCountedByMethodAndByWhatBecameOfThem() throws Exception {
        var governor = replicas.governor();
        use(governor, "getMe", 200, 4);
        use(governor, "sendMessage", 429, 3);
        use(governor, "sendMessage", 403, 9);
        use(governor, "sendMessage", 0, 2);
        var tallies = replicas.tallies();
        while (tallies.recent(bot).size() < 4) {
            Thread.sleep(5);
        }
        var tally = tallies.take(bot).orElseThrow();
        assertEquals(4, tally.total());
        assertTrue(tally.last().isPresent());
        var byMethod = tally.days();
        assertEquals(
                List.of("getMe", "sendMessage"),
                byMethod.stream().map(Tally.Day::method).toList());
        var day = byMethod.getLast();
        assertEquals(
                List.of(3L, 2L, 1L, 14_000L, 9_000L),
                List.of(day.calls(), day.errors(), day.limited(), day.micros(), day.longest()));
        assertEquals(
                List.of("sendMessage 0", "sendMessage 403", "sendMessage 429", "getMe 200"),
                tallies.recent(bot).stream()
                        .map(call -> call.method() + " " + call.status())
                        .toList());
    }
}
