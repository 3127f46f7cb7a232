package dev.latchkey.governor;

import io.vertx.core.Promise;
import java.util.List;
import java.util.UUID;

/**
 * A call on its way to its turn.
 *
 * @param end by {@link System#nanoTime()}: when it has waited for too long
 */
record Waiter(Outgoing call, List<String> lanes, UUID slot, long end, Promise<Permit> permit) {

    boolean isOver(long now) {
        return now - end >= 0;
    }
}
