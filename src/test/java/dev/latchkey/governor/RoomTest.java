package dev.latchkey.governor;

import static dev.latchkey.governor.Replicas.NOBODY_LEAVES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.problem.CommonProblem;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RoomTest {

    private static final Outcome DONE = new Outcome("getMe", 200, Duration.ofMillis(5));

    private final UUID bot = UUID.randomUUID();
    private final Room room = new Room(1000, 2000);

    private static Outgoing call(UUID bot, int bytes) {
        return new Outgoing(
                bot, Optional.empty(), 100, 50, "getMe", Optional.empty(), 0, bytes, Duration.ofSeconds(30));
    }

    @Test
    void aBotHoldsNoMoreThanItMay() {
        assertTrue(room.enter(call(bot, 600)));
        assertTrue(room.enter(call(bot, 400)));
        assertFalse(room.enter(call(bot, 1)));
        assertTrue(room.enter(call(bot, 0)));
        room.leave(call(bot, 400));
        assertTrue(room.enter(call(bot, 300)));
        assertEquals(900, room.held());
    }

    @Test
    void allTogetherHoldNoMoreThanTheyMayButThatNobodyGoesWithoutOneCall() {
        var second = UUID.randomUUID();
        var third = UUID.randomUUID();
        assertTrue(room.enter(call(bot, 1000)));
        assertTrue(room.enter(call(second, 900)));
        assertFalse(room.enter(call(second, 101)));
        assertTrue(room.enter(call(third, 5000)));
        assertFalse(room.enter(call(third, 1)));
        room.leave(call(bot, 1000));
        room.leave(call(second, 900));
        room.leave(call(third, 5000));
        assertEquals(0, room.held());
    }

    @Test
    void whatIsRefusedOrOverHoldsNothing() {
        try (var replicas = new Replicas()) {
            var governor = replicas.governor(
                    new Replicas.Settings(1, Duration.ofMillis(300), Duration.ofMillis(60), 1000, 1000));
            var slot = new Outgoing(
                    bot, Optional.empty(), 100, 1, "getMe", Optional.empty(), 0, 500, Duration.ofSeconds(30));
            var held = Replicas.await(governor.admit(slot, NOBODY_LEAVES));
            var tooLate = governor.admit(slot, NOBODY_LEAVES);
            var tooMuch = Replicas.refusal(governor.admit(slot, NOBODY_LEAVES));
            assertEquals(CommonProblem.RATE_LIMITED, tooMuch.code());
            assertEquals("1", tooMuch.headers().get("Retry-After"));
            Replicas.refusal(tooLate);
            held.done(DONE);
            var all = new Outgoing(
                    bot, Optional.empty(), 100, 1, "getMe", Optional.empty(), 0, 1000, Duration.ofSeconds(30));
            Replicas.await(governor.admit(call(bot, 1), NOBODY_LEAVES)).done(DONE);
            Replicas.await(governor.admit(all, NOBODY_LEAVES)).done(DONE);
            assertEquals(CommonProblem.RATE_LIMITED, refusalOfASecondBesides(governor, all));
        }
    }

    private static Object refusalOfASecondBesides(Governor governor, Outgoing all) {
        var permit = Replicas.await(governor.admit(all, NOBODY_LEAVES));
        var refusal = Replicas.refusal(governor.admit(all, NOBODY_LEAVES));
        permit.done(DONE);
        return refusal.code();
    }
}
