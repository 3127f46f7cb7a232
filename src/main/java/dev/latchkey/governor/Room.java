package dev.latchkey.governor;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What calls of bots hold in memory on this replica while they wait, and while they are under way. A bot that holds nothing finds room for one call, whatever
 * others hold. Safe for use by many threads.
 */
final class Room {

    private final long mostOfOne;
    private final long mostOfAll;
    private final Map<UUID, Long> held = new HashMap<>();
    private long all;

    Room(long mostOfOne, long mostOfAll) {
        this.mostOfOne = mostOfOne;
        this.mostOfAll = mostOfAll;
    }

    /** Whether there was room; then it is to be given back by {@link #leave}, once. */
    synchronized boolean enter(Outgoing call) {
        var bytes = call.bytes();
        if (bytes == 0) {
            return true;
        }
        var own = held.getOrDefault(call.line(), 0L);
        if (own > 0 && (own + bytes > mostOfOne || all + bytes > mostOfAll)) {
            return false;
        }
        held.put(call.line(), own + bytes);
        all += bytes;
        return true;
    }

    synchronized void leave(Outgoing call) {
        all -= call.bytes();
        held.computeIfPresent(call.line(), (line, own) -> own > call.bytes() ? own - call.bytes() : null);
    }

    synchronized long held() {
        return all;
    }
}
