package dev.latchkey.decision;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits until notes are recorded elsewhere, but no longer than the patience: they go on without us then. While some are late, nobody waits for
 * more of them.
 */
final class LateNotes {

    private final Duration patience;
    private final AtomicInteger late = new AtomicInteger();

    LateNotes(Duration patience) {
        this.patience = patience;
    }

    /** Never fails. */
    Uni<Void> await(Uni<Void> recording) {
        var recorded = recording.subscribeAsCompletionStage();
        if (late.get() > 0) {
            return Uni.createFrom().voidItem();
        }
        // A copy: ceasing to wait must not end what is waited for.
        return Uni.createFrom()
                .completionStage(recorded.copy())
                .ifNoItem()
                .after(patience)
                .recoverWithItem(() -> {
                    late.incrementAndGet();
                    recorded.whenComplete((nothing, failure) -> late.decrementAndGet());
                    return null;
                })
                .onFailure()
                .recoverWithNull();
    }
}
