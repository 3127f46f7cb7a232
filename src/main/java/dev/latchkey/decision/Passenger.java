package dev.latchkey.decision;

import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** A request that waits for a trip, and whoever waits for its decision. */
record Passenger(LimitRequest request, Optional<Note> note, Consumer<LimitDecision> waiting) {}
