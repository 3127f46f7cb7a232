package dev.latchkey.decision;

import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitRequest;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * A request that waits for a trip, and whoever waits for its decision.
 *
 * @param again whether it came back once, as its account had to be loaded
 */
record Passenger(LimitRequest request, Optional<Note> note, Consumer<LimitDecision> waiting, boolean again) {

    private static final Logger LOG = Logger.getLogger(Passenger.class);

    Passenger(LimitRequest request, Optional<Note> note, Consumer<LimitDecision> waiting) {
        this(request, note, waiting, false);
    }

    /** Never fails, lest the others of its trip wait for ever. */
    void answer(LimitDecision decision) {
        try {
            waiting.accept(decision);
        } catch (RuntimeException failure) {
            LOG.error("A decision was not taken well", failure);
        }
    }

    Passenger onceMore() {
        return new Passenger(request, note, waiting, true);
    }
}
