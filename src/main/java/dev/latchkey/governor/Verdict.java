package dev.latchkey.governor;

import java.time.Duration;

/** Whether a call may go out. */
sealed interface Verdict {

    /**
     * Now, and it is counted.
     *
     * @param moment as its spans have it
     */
    record Go(String moment) implements Verdict {}

    /** Not before so long, whoever is in that lane. */
    record Wait(String lane, Duration time) implements Verdict {}

    /** As many as may be are under way. */
    record Busy() implements Verdict {}
}
