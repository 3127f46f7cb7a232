package dev.latchkey.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.limit.Window;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everybody who boards is answered, whatever becomes of others. */
class SharedTripsTest {

    private static final LimitRequest REQUEST = new LimitRequest("test:x", List.of(Window.minute(1)), 1);
    private static final LimitDecision ALLOWED = new LimitDecision(true, List.of(), DecidedBy.REDIS);

    private final List<Integer> sizes = new ArrayList<>();
    private final List<LimitDecision> answers = new ArrayList<>();

    @Test
    void whoComesWhileATripIsUnderWayTravelsInTheNextOneTogether() {
        var backs = new ArrayList<Runnable>();
        var trips = trips((group, back) -> {
            sizes.add(group.size());
            backs.add(back);
        });
        for (var i = 0; i < 300; i++) {
            trips.board(passenger());
        }
        assertEquals(List.of(1), sizes);
        backs.get(0).run();
        assertEquals(List.of(1, SharedTrips.MOST_IN_A_TRIP), sizes);
        backs.get(1).run();
        assertEquals(List.of(1, SharedTrips.MOST_IN_A_TRIP, 43), sizes);
        backs.get(2).run();
        trips.board(passenger());
        assertEquals(List.of(1, SharedTrips.MOST_IN_A_TRIP, 43, 1), sizes);
    }

    @Test
    void aTripThatCannotBeginIsAnsweredAndTheNextOneTravels() {
        var trips = trips((group, back) -> {
            if (sizes.isEmpty()) {
                sizes.add(group.size());
                throw new IllegalStateException("broken for this test");
            }
            group.forEach(passenger -> passenger.answer(ALLOWED));
            back.run();
        });
        trips.board(passenger());
        trips.board(passenger());
        assertEquals(List.of(LimitDecision.NOBODY_DECIDES, ALLOWED), answers);
    }

    @Test
    void onePassengerThatFailsKeepsNoAnswerFromTheOthers() {
        var failing = new Passenger(REQUEST, Optional.empty(), decision -> {
            throw new IllegalStateException("broken for this test");
        });
        new Trip(List.of(failing, passenger()), Optional.empty()).arrive(List.of(ALLOWED, ALLOWED));
        assertEquals(List.of(ALLOWED), answers);
    }

    @Test
    void theLaneOfALoopStaysOnItWhereverATripEnds() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var threads = new LinkedBlockingQueue<Object>();
            var trips = trips((group, back) -> {
                threads.add(here());
                // As a timer of the loop itself does: on its thread, and in nobody's context.
                ContextInternal.current().nettyEventLoop().execute(back);
            });
            var elsewhere = trips((group, back) -> {
                threads.add(here());
                new Thread(back).start();
            });
            for (var lane : List.of(trips, elsewhere)) {
                var loop = vertx.getOrCreateContext();
                loop.runOnContext(nothing -> {
                    lane.board(passenger());
                    loop.runOnContext(later -> lane.board(passenger()));
                });
                var first = threads.poll(10, TimeUnit.SECONDS);
                assertSame(first, threads.poll(10, TimeUnit.SECONDS));
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void inALaneThatIsNotCrowdedNobodyWaits() throws Exception {
        onALoop(Duration.ofDays(1), (board, left) -> {
            for (var i = 0; i < SharedTrips.CROWDED / 4; i++) {
                board.accept(1);
                assertEquals(1, left.poll(10, TimeUnit.SECONDS));
            }
        });
    }

    @Test
    void inALaneThatIsCrowdedTripsLeaveWhenTheyAreFull() throws Exception {
        onALoop(Duration.ofDays(1), (board, left) -> {
            board.accept(SharedTrips.CROWDED);
            assertEquals(SharedTrips.CROWDED, left.poll(10, TimeUnit.SECONDS));
            board.accept(SharedTrips.FULL - 1);
            assertNull(left.poll(200, TimeUnit.MILLISECONDS));
            board.accept(1);
            assertEquals(SharedTrips.FULL, left.poll(10, TimeUnit.SECONDS));
        });
    }

    @Test
    void inALaneThatIsCrowdedTripsLeaveWhenTheIntervalHasPassed() throws Exception {
        onALoop(Duration.ofSeconds(1), (board, left) -> {
            board.accept(SharedTrips.CROWDED);
            assertEquals(SharedTrips.CROWDED, left.poll(10, TimeUnit.SECONDS));
            board.accept(3);
            assertEquals(3, left.poll(10, TimeUnit.SECONDS));
        });
    }

    private interface Travels {
        void run(Consumer<Integer> board, LinkedBlockingQueue<Integer> left) throws InterruptedException;
    }

    /** @param travels may let so many board in one turn of the loop, and see how many left together */
    private void onALoop(Duration interval, Travels travels) throws Exception {
        var vertx = Vertx.vertx();
        try {
            var left = new LinkedBlockingQueue<Integer>();
            var trips = new SharedTrips(
                    (group, back) -> {
                        left.add(group.size());
                        back.run();
                    },
                    interval,
                    Duration.ofDays(1));
            var loop = vertx.getOrCreateContext();
            travels.run(
                    count -> loop.runOnContext(
                            nothing -> IntStream.range(0, count).forEach(i -> trips.board(passenger()))),
                    left);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private static SharedTrips trips(BiConsumer<List<Passenger>, Runnable> travel) {
        return new SharedTrips(travel, Duration.ZERO, Duration.ofDays(1));
    }

    private static Object here() {
        var context = ContextInternal.current();
        return context == null ? "in no context" : context.nettyEventLoop();
    }

    private Passenger passenger() {
        return new Passenger(REQUEST, Optional.empty(), answers::add);
    }
}
