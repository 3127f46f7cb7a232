package dev.latchkey.decision;

import dev.latchkey.limit.LimitDecision;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests travel together. Each event loop has a lane of its own, all other threads share one. In a lane, whoever comes while
 * {@link #MOST_UNDER_WAY} trips are under way waits for the next one to return; nobody waits for a trip to fill.
 */
final class SharedTrips {

    static final int MOST_IN_A_TRIP = 256;
    static final int MOST_UNDER_WAY = 1;

    private static final Logger LOG = Logger.getLogger(SharedTrips.class);

    private final BiConsumer<List<Passenger>, Runnable> travel;
    private final Map<Thread, Lane> lanes = new ConcurrentHashMap<>();
    private final Lane others = new Lane(null, null);

    /**
     * @param travel answers every passenger, and runs the second argument when it is back; where it throws, it has begun nothing, and nobody
     *     was answered
     */
    SharedTrips(BiConsumer<List<Passenger>, Runnable> travel) {
        this.travel = travel;
    }

    void board(Passenger passenger) {
        var loop = currentLoop();
        var lane =
                loop == null ? others : lanes.computeIfAbsent(Thread.currentThread(), thread -> new Lane(thread, loop));
        lane.board(passenger);
    }

    // Not the request's own context: a trip outlives the request that it began with.
    private static @Nullable Context currentLoop() {
        return Context.isOnEventLoopThread() && ContextInternal.current() != null
                ? ContextInternal.current().unwrap()
                : null;
    }

    private final class Lane {

        private final @Nullable Thread thread;
        private final @Nullable Context loop;
        private final Queue<Passenger> waiting = new ArrayDeque<>();
        private int underWay;

        private Lane(@Nullable Thread thread, @Nullable Context loop) {
            this.thread = thread;
            this.loop = loop;
        }

        void board(Passenger passenger) {
            synchronized (this) {
                waiting.add(passenger);
                if (underWay == MOST_UNDER_WAY) {
                    return;
                }
                underWay++;
            }
            if (loop == null) {
                depart();
            } else {
                // After whatever else this turn of the loop brings: the requests that came with this one.
                loop.runOnContext(nothing -> depart());
            }
        }

        private void depart() {
            var group = next();
            if (group.isEmpty()) {
                return;
            }
            try {
                travel.accept(group, this::back);
            } catch (RuntimeException | Error failure) {
                // Whatever it was: if the lane ended here, nobody who boards it later would ever be answered.
                LOG.error("A trip could not begin", failure);
                group.forEach(passenger -> passenger.answer(LimitDecision.NOBODY_DECIDES));
                depart();
            }
        }

        // A trip may end elsewhere, by a timer or in PostgreSQL: the lane stays on its loop.
        private void back() {
            if (loop == null || Thread.currentThread() == thread && ContextInternal.current() != null) {
                depart();
            } else {
                loop.runOnContext(nothing -> depart());
            }
        }

        private synchronized List<Passenger> next() {
            var group = new ArrayList<Passenger>();
            while (group.size() < MOST_IN_A_TRIP && !waiting.isEmpty()) {
                group.add(waiting.remove());
            }
            if (group.isEmpty()) {
                underWay--;
            }
            return group;
        }
    }
}
