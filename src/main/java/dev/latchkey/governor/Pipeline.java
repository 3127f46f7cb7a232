package dev.latchkey.governor;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Only so many calls of this replica ask at a time. Where the machine is short of time, all the others would wait for it between their permits and their going, and
 * permits grow old. Safe for use by many threads.
 */
final class Pipeline {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    Pipeline(int places) {
        this.free = places;
    }

    /** Does it when there is a place, first come, first served; that is to be given back by {@link #leave}, once. */
    void enter(Runnable what) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(what);
                return;
            }
            free--;
        }
        what.run();
    }

    void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.run();
    }
}
