package dev.latchkey.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.platform.problem.Problem;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A flood of logins takes only so many threads. */
class TurnsTest {

    private static final int MOST_WAITING = 32;

    @Test
    void whoComesWhenTooManyWaitIsRefusedAtOnceAndTheOthersGetTheirTurn() throws Exception {
        var turns = new Turns(1);
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var served = new ArrayList<Future<Integer>>();
            served.add(threads.submit(() -> turns.take(() -> {
                begun.countDown();
                await(end);
                return 1;
            })));
            begun.await();
            // None of them has a turn while the first is at work: at most as many as may wait do not fail.
            for (var i = 0; i < 3 * MOST_WAITING; i++) {
                served.add(threads.submit(() -> turns.take(() -> 1)));
            }
            while (served.stream().filter(Future::isDone).count() < 2 * MOST_WAITING) {
                Thread.sleep(5);
            }
            end.countDown();
            var outcomes = served.stream().map(TurnsTest::outcome).toList();
            assertEquals(1 + MOST_WAITING, outcomes.stream().filter("1"::equals).count(), outcomes.toString());
            assertEquals(
                    2 * MOST_WAITING,
                    outcomes.stream().filter("unavailable"::equals).count(),
                    outcomes.toString());
        }
    }

    @Test
    void aTurnThatFailsIsGivenBack() {
        var turns = new Turns(1);
        assertThrows(
                IllegalStateException.class,
                () -> turns.take(() -> {
                    throw new IllegalStateException("on purpose");
                }));
        assertEquals(1, turns.take(() -> 1));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String outcome(Future<Integer> future) {
        try {
            return String.valueOf(future.get());
        } catch (Exception e) {
            return e.getCause() instanceof Problem problem ? problem.code().code() : e.toString();
        }
    }
}
