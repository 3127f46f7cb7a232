package dev.latchkey.v1key;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Keys that were brought along with hashes of other kinds: each gets a digest of ours at its first use. */
@ApplicationScoped
class ForeignKeys {

    static final int SHORTEST_LOOKUP = 8;
    static final int LONGEST_LOOKUP = 64;

    private static final int MOST_WAITING = 16;
    private static final int PATIENCE_SECONDS = 10;

    // One hash at a time, and few who wait: a flood of guesses must not take the threads of all other calls.
    private final Semaphore turn = new Semaphore(1, true);
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final Clock clock;
    private volatile boolean any;

    ForeignKeys(Clock clock) {
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        look();
    }

    /** Another replica may have imported some. */
    @Scheduled(every = "10s", delayed = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        any = QuarkusTransaction.requiringNew().call(V1Key::anyImported);
    }

    /** Whether there are any; as of the last seconds, no I/O. */
    boolean any() {
        return any;
    }

    /** If the text is that of a key which awaits its first use, it has a digest of ours now. Blocking. */
    void settle(String text) {
        var digest = Digests.sha256(text);
        var alike = QuarkusTransaction.requiringNew()
                .call(() ->
                        V1Key.isKnown(digest) ? List.<V1Key>of() : V1Key.awaiting(beginnings(text), clock.instant()));
        for (var key : alike) {
            if (inTurn(() -> matches(key, text))) {
                QuarkusTransaction.requiringNew()
                        .run(() -> V1Key.update(
                                "digest = ?1, foreignHash = null, lookup = null where id = ?2 and digest is null",
                                digest,
                                key.id));
                return;
            }
        }
    }

    private static boolean matches(V1Key key, String text) {
        return ForeignHash.parse(String.valueOf(key.foreignHash))
                .filter(hash -> hash.matches(text))
                .isPresent();
    }

    private static List<String> beginnings(String text) {
        var beginnings = new ArrayList<String>();
        for (var length = SHORTEST_LOOKUP; length <= Math.min(LONGEST_LOOKUP, text.length()); length++) {
            beginnings.add(text.substring(0, length));
        }
        return beginnings;
    }

    private boolean inTurn(BooleanSupplier costly) {
        if (!places.tryAcquire()) {
            throw busy();
        }
        try {
            if (!turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
            try {
                return costly.getAsBoolean();
            } finally {
                turn.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } finally {
            places.release();
        }
    }

    private static Problem busy() {
        return new Problem(
                        CommonProblem.UNAVAILABLE,
                        "Too many imported keys are used for the first time; try again shortly")
                .header("Retry-After", "5");
    }
}
