package dev.latchkey.decision;

import dev.latchkey.limit.LimitDecision;
import io.vertx.core.Context;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests travel together. Each event loop has a lane of its own, all other threads share one. In a lane, whoever comes while a trip is
 * under way waits for it to return. A trip costs about the same for one as for some: those of a loop that is {@link #CROWDED} do not leave in
 * quicker succession than the interval, unless {@link #FULL} requests wait. In all other lanes nobody waits for others.
 */
final class SharedTrips {

    static final int MOST_IN_A_TRIP = 256;
    static final int FULL = 8;
    /** So many in a span. */
    static final int CROWDED = 20;

    private static final Duration INTERVAL = Duration.ofNanos(500_000);
    // Ten times that: a crowd brings two in each.
    private static final Duration SPAN = Duration.ofMillis(5);

    private static final Logger LOG = Logger.getLogger(SharedTrips.class);

    private final BiConsumer<List<Passenger>, Runnable> travel;
    private final long intervalNanos;
    private final long spanNanos;
    private final Map<Thread, Lane> lanes = new ConcurrentHashMap<>();
    private final Lane others = new Lane(null, null);

    /**
     * @param travel answers every passenger, and runs the second argument when it is back; where it throws, it has begun nothing, and nobody
     *     was answered
     */
    SharedTrips(BiConsumer<List<Passenger>, Runnable> travel) {
        this(travel, INTERVAL, SPAN);
    }

    /**
     * The same with other times.
     *
     * @param interval between the beginnings of two trips of a loop that is crowded
     * @param span in which it is seen whether one is
     */
    SharedTrips(BiConsumer<List<Passenger>, Runnable> travel, Duration interval, Duration span) {
        this.travel = travel;
        this.intervalNanos = interval.toNanos();
        this.spanNanos = span.toNanos();
    }

    void board(Passenger passenger) {
        var loop = currentLoop();
        var lane =
                loop == null ? others : lanes.computeIfAbsent(Thread.currentThread(), thread -> new Lane(thread, loop));
        lane.board(passenger);
    }

    // Not the request's own context: a trip outlives the request that it began with.
    private static @Nullable ContextInternal currentLoop() {
        return Context.isOnEventLoopThread() && ContextInternal.current() != null
                ? ContextInternal.current().unwrap()
                : null;
    }

    // That of a loop is used by its thread alone.
    private final class Lane {

        private final @Nullable Thread thread;
        private final @Nullable ContextInternal loop;
        private final Queue<Passenger> waiting = new ArrayDeque<>();
        private boolean isBusy;
        private long span;
        private int boarded;
        private int boardedBefore;
        private long left = System.nanoTime() - intervalNanos;
        private @Nullable Future<?> pause;

        private Lane(@Nullable Thread thread, @Nullable ContextInternal loop) {
            this.thread = thread;
            this.loop = loop;
        }

        void board(Passenger passenger) {
            synchronized (this) {
                waiting.add(passenger);
                moveTo(System.nanoTime());
                boarded++;
                if (isBusy && !endPause()) {
                    return;
                }
                isBusy = true;
            }
            if (loop == null) {
                leave();
            } else {
                // After whatever else this turn of the loop brings: the requests that came with this one.
                loop.runOnContext(nothing -> depart(loop));
            }
        }

        private boolean endPause() {
            if (pause == null || waiting.size() < FULL) {
                return false;
            }
            pause.cancel(false);
            pause = null;
            return true;
        }

        private void moveTo(long now) {
            var present = Math.floorDiv(now, spanNanos);
            if (present != span) {
                boardedBefore = present == span + 1 ? boarded : 0;
                boarded = 0;
                span = present;
            }
        }

        private void depart(ContextInternal here) {
            var now = System.nanoTime();
            moveTo(now);
            var early = left + intervalNanos - now;
            var isCrowded = Math.max(boarded, boardedBefore) >= CROWDED;
            if (early > 0 && isCrowded && !waiting.isEmpty() && waiting.size() < FULL) {
                pause = here.nettyEventLoop()
                        .schedule(
                                () -> here.dispatch(() -> {
                                    pause = null;
                                    leave();
                                }),
                                early,
                                TimeUnit.NANOSECONDS);
            } else {
                leave();
            }
        }

        private void leave() {
            var group = next();
            if (group.isEmpty()) {
                return;
            }
            left = System.nanoTime();
            try {
                travel.accept(group, this::back);
            } catch (RuntimeException | Error failure) {
                // Whatever it was: if the lane ended here, nobody who boards it later would ever be answered.
                LOG.error("A trip could not begin", failure);
                group.forEach(passenger -> passenger.answer(LimitDecision.NOBODY_DECIDES));
                leave();
            }
        }

        // A trip may end elsewhere, by a timer or in PostgreSQL: the lane stays on its loop.
        private void back() {
            if (loop == null) {
                leave();
            } else if (Thread.currentThread() == thread && ContextInternal.current() != null) {
                depart(loop);
            } else {
                loop.runOnContext(nothing -> depart(loop));
            }
        }

        private synchronized List<Passenger> next() {
            var group = new ArrayList<Passenger>();
            while (group.size() < MOST_IN_A_TRIP && !waiting.isEmpty()) {
                group.add(waiting.remove());
            }
            isBusy = !group.isEmpty();
            return group;
        }
    }
}
