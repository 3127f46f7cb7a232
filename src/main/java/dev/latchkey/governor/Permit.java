package dev.latchkey.governor;

import dev.latchkey.governor.BotQueue.Waiter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** That a call may go out, now and once. It ends in one of three ways; a second end says nothing. */
public final class Permit {

    private final Governor governor;
    private final Waiter waiter;
    private final String moment;
    private final long asked;
    private final AtomicBoolean isOver = new AtomicBoolean();

    /**
     * @param moment when it was given, as Redis tells
     * @param asked by {@link System#nanoTime()}; it was not given before
     */
    Permit(Governor governor, Waiter waiter, String moment, long asked) {
        this.governor = governor;
        this.waiter = waiter;
        this.moment = moment;
        this.asked = asked;
    }

    /**
     * Whether the call may leave, which it is to do at once then. One that is late counts from now on, or else it would arrive together with those whose turn comes a
     * span after its own; one that is so late that these may be on their way does not leave.
     */
    public boolean mayLeave() {
        return governor.mayLeave(waiter, moment, System.nanoTime() - asked);
    }

    /** The call has ended: whoever waits for its slot may go. */
    public void done(Outcome outcome) {
        if (end()) {
            governor.done(waiter, outcome);
        }
    }

    /** The call does not go out: it is not counted, and others have its place. */
    public void unsent() {
        if (end()) {
            governor.unsent(waiter, moment);
        }
    }

    /** The call has not gone out, and wants another permit after that pause; it comes before those who wait then. Fails as {@link Governor#admit} does. */
    public Future<Permit> again(Duration pause) {
        return end()
                ? governor.again(waiter, moment, pause)
                : Future.failedFuture(new IllegalStateException("The permit has ended"));
    }

    private boolean end() {
        return isOver.compareAndSet(false, true);
    }
}
