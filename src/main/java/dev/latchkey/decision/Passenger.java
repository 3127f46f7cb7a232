package dev.latchkey.decision;

import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitRequest;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A request that waits for a trip, and whoever waits for its decision.
 *
 * @param again whether it came back once, as its account had to be loaded
 */
record Passenger(LimitRequest request, Optional<Note> note, Consumer<LimitDecision> waiting, boolean again) {

    Passenger(LimitRequest request, Optional<Note> note, Consumer<LimitDecision> waiting) {
        this(request, note, waiting, false);
    }

    Passenger onceMore() {
        return new Passenger(request, note, waiting, true);
    }
}
