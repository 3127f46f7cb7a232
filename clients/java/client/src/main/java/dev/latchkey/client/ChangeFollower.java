package dev.latchkey.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Follows the feed of changes in a thread of its own. While it is live, what {@link Answers} keeps is what the service would say.
 *
 * <p>The service is asked to wait for a second at most: so silence is noticed soon. An answer without changes that came after the whole
 * wait holds for its end; any other for the moment in which it was asked for.
 */
final class ChangeFollower implements AutoCloseable {

    static final Duration POLL = Duration.ofSeconds(1);
    /** How long what was heard is believed. */
    static final Duration SILENCE_MAX = Duration.ofMillis(1500);

    private static final String PATH = "/api/v1/verify/changes";
    private static final Duration RETRY_MIN = Duration.ofMillis(200);
    private static final Duration RETRY_MAX = Duration.ofSeconds(5);
    private static final Duration SPACING = Duration.ofMillis(50);

    private final Service service;
    private final Answers answers;
    private final long silenceMaxNanos;
    private final Duration pollTimeout;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean following;
    private volatile long asOfNanos;

    ChangeFollower(Service service, Answers answers, Duration silenceMax, Duration pollTimeout) {
        this.service = service;
        this.answers = answers;
        this.pollTimeout = pollTimeout;
        this.silenceMaxNanos = silenceMax.toNanos();
        this.thread = new Thread(this::run, "latchkey-changes");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    boolean isLive() {
        return following && !closed && System.nanoTime() - asOfNanos < silenceMaxNanos;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        var pause = RETRY_MIN;
        while (!closed) {
            try {
                var epoch = begin();
                pause = RETRY_MIN;
                while (!closed) {
                    epoch = next(epoch);
                }
            } catch (LatchkeyException e) {
                // Nobody is told: whoever asks gets real answers meanwhile, or hears of the failure there.
                pause = pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
            } catch (InterruptedException e) {
                closed = true;
            }
            lost();
            rest(pause);
        }
    }

    private long begin() throws InterruptedException {
        var asked = System.nanoTime();
        var changes = poll(Map.of());
        answers.forgetAll();
        asOfNanos = asked;
        following = true;
        return changes.epoch();
    }

    private long next(long epoch) throws InterruptedException {
        var asked = System.nanoTime();
        var changes = poll(Map.of("after", Long.toString(epoch), "wait_seconds", Long.toString(POLL.toSeconds())));
        var tookNanos = System.nanoTime() - asked;
        if (changes.reset()) {
            answers.forgetAll();
        } else {
            answers.forget(changes.changed());
        }
        var isSilent = !changes.reset() && changes.changed().isEmpty();
        asOfNanos = asked + (isSilent ? Math.min(tookNanos, POLL.toNanos()) : 0);
        if (tookNanos < SPACING.toNanos()) {
            Thread.sleep(SPACING.toMillis());
        }
        return changes.epoch();
    }

    private Wire.Changes poll(Map<String, String> query) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            return Wire.changes(service.get(PATH, query, pollTimeout).join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof LatchkeyException told) {
                throw told;
            }
            throw e;
        }
    }

    private void lost() {
        following = false;
        answers.forgetAll();
    }

    // Not all clients at once, when the service is back.
    private void rest(Duration pause) {
        try {
            if (!closed) {
                Thread.sleep(pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis() / 2 + 1));
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
