package dev.latchkey.api;

import java.time.Duration;
import java.time.Instant;

/** Waits for what is promised to be true soon. */
public final class Eventually {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Eventually() {}

    /** Tries the check until it passes; fails with its last failure after that many seconds. */
    public static void within(int seconds, Runnable check) {
        var deadline = Instant.now().plusSeconds(seconds);
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
