package dev.latchkey.governor;

import dev.latchkey.governor.BotQueue.Waiter;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** That a call may go out, now and once. It ends in one of three ways; a second end says nothing. */
public final class Permit {

    private final Governor governor;
    private final Waiter waiter;
    private final String moment;
    private final long goodUntil;
    private final AtomicBoolean isOver = new AtomicBoolean();

    /**
     * @param moment when it was given, as Redis tells
     * @param goodUntil by {@link System#nanoTime()}
     */
    Permit(Governor governor, Waiter waiter, String moment, long goodUntil) {
        this.governor = governor;
        this.waiter = waiter;
        this.moment = moment;
        this.goodUntil = goodUntil;
    }

    /** Whether the call may leave at this moment: later, it could arrive together with those whose turn comes then. */
    public boolean isGood() {
        return System.nanoTime() - goodUntil < 0;
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

    /** The call has not gone out, and wants another permit; it comes before those who wait. Fails as {@link Governor#admit} does. */
    public Future<Permit> again() {
        return end()
                ? governor.again(waiter, moment)
                : Future.failedFuture(new IllegalStateException("The permit has ended"));
    }

    private boolean end() {
        return isOver.compareAndSet(false, true);
    }
}
