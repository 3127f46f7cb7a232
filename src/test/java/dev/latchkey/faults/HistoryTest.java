package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.faults.Asker.Answer;
import dev.latchkey.faults.History.Call;
import dev.latchkey.faults.History.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge of {@link ExactnessIT} sees each kind of fault, and none where there is none. */
class HistoryTest {

    private static final long SECOND = 1_000_000_000;
    private static final Window MINUTE = new Window("minute", 10, Duration.ofMinutes(1));

    private final History history = new History(List.of(MINUTE), Map.of());
    private final History credits = new History(List.of(MINUTE), Map.of(History.CREDITS, 8L));

    @Test
    void aLimitThatIsUsedUpAndComesBackIsNoFault() {
        call(history, 0, 6, valid(4));
        call(history, 1, 4, valid(0));
        call(history, 2, 1, refused("minute"));
        call(history, 2, 0, valid(0));
        call(history, 61, 6, valid(0));
        assertEquals(List.of(), history.faults());
        assertEquals(16, history.admittedUnits());
        assertTrue(history.isUsedUp());
    }

    @Test
    void oneUnitTooManyWithinASpanIsAFault() {
        call(history, 0, 6, valid(4));
        call(history, 59, 5, new Answer("VALID", Map.of(), Set.of()));
        assertEquals(1, history.faults().size(), history.faults().toString());
    }

    @Test
    void callsAtTheEdgesOfASpanMayLieOutsideOfIt() {
        history.add(new Call(0, 2 * SECOND, 6, new Answer("VALID", Map.of(), Set.of())));
        history.add(new Call(59 * SECOND, 61 * SECOND, 6, new Answer("VALID", Map.of(), Set.of())));
        assertEquals(List.of(), history.faults());
    }

    @Test
    void aRefusalWithoutAReasonIsAFault() {
        call(history, 0, 6, valid(4));
        call(history, 1, 4, refused("minute"));
        assertEquals(1, history.faults().size());
        call(history, 2, 5, refused("hour"));
        assertEquals(2, history.faults().size(), "a limit that there is not");
        call(history, 62, 5, refused("minute"));
        assertEquals(3, history.faults().size(), "a limit that is free again");
    }

    @Test
    void whatIsToldMustBeTrue() {
        call(history, 0, 6, valid(5));
        assertEquals(1, history.faults().size());
        call(history, 1, 1, valid(2));
        assertEquals(2, history.faults().size());
    }

    @Test
    void creditsAreNeitherOverdrawnNorRefusedTooEarlyNorToldWrongly() {
        call(credits, 0, 5, new Answer("VALID", Map.of("credits", 3L), Set.of()));
        call(credits, 70, 4, new Answer("USAGE_EXCEEDED", Map.of("credits", 3L), Set.of()));
        assertEquals(List.of(), credits.faults());
        call(credits, 71, 3, new Answer("USAGE_EXCEEDED", Map.of("credits", 3L), Set.of()));
        assertEquals(1, credits.faults().size());
        call(credits, 72, 3, new Answer("VALID", Map.of("credits", 1L), Set.of()));
        assertEquals(2, credits.faults().size());
        call(credits, 140, 1, new Answer("VALID", Map.of(), Set.of()));
        assertEquals(3, credits.faults().size());
    }

    private static Answer valid(long remaining) {
        return new Answer("VALID", Map.of("minute", remaining), Set.of());
    }

    private static Answer refused(String limit) {
        return new Answer("RATE_LIMITED", Map.of(), Set.of(limit));
    }

    private static void call(History history, long second, long cost, Answer answer) {
        history.add(new Call(second * SECOND, second * SECOND + SECOND / 10, cost, answer));
    }
}
