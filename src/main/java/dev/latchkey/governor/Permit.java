package dev.latchkey.governor;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** That a call may go out, now and once. */
public final class Permit {

    private final Consumer<Outcome> end;
    private final AtomicBoolean isOver = new AtomicBoolean();

    Permit(Consumer<Outcome> end) {
        this.end = end;
    }

    /** The call has ended: whoever waits for its slot may go. A second time nothing happens. */
    public void done(Outcome outcome) {
        if (isOver.compareAndSet(false, true)) {
            end.accept(outcome);
        }
    }
}
