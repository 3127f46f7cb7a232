package dev.latchkey.identity;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets only so many do something costly at a time: a flood of logins must not take the threads of all other calls. */
final class Turns {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    // Each who waits holds a thread: beyond this many the rest is refused at once.
    private static final int MOST_WAITING = 32;

    private final Semaphore places;
    private final Semaphore free;

    Turns(int atATime) {
        places = new Semaphore(atATime + MOST_WAITING);
        free = new Semaphore(atATime, true);
    }

    /** @throws Problem {@code unavailable} if too many wait already, or no turn comes within 15 seconds */
    <T> T take(Supplier<T> costly) {
        if (!places.tryAcquire()) {
            throw refused();
        }
        try {
            return takeInTurn(costly);
        } finally {
            places.release();
        }
    }

    private <T> T takeInTurn(Supplier<T> costly) {
        if (!await()) {
            throw refused();
        }
        try {
            return costly.get();
        } finally {
            free.release();
        }
    }

    private boolean await() {
        try {
            return free.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Problem refused() {
        return new Problem(CommonProblem.UNAVAILABLE, "Too many logins at this moment; try again shortly")
                .header("Retry-After", "5");
    }
}
