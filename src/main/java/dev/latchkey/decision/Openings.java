package dev.latchkey.decision;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Accounts that are being loaded: each once, however many wait for it, and who waits goes on in the order of coming. Nobody waits for longer
 * than the patience; a load that takes longer goes on, and no second one is begun beside it.
 */
final class Openings {

    private final Function<UUID, Uni<Boolean>> open;
    private final Duration patience;
    private final Map<UUID, List<Passenger>> waiting = new HashMap<>();

    /** @param open loads an account; says whether it succeeded, and never fails */
    Openings(Function<UUID, Uni<Boolean>> open, Duration patience) {
        this.open = open;
        this.patience = patience;
    }

    /** What becomes of those who waited. */
    interface Then {
        void goOn(Passenger passenger, boolean opened);
    }

    void await(UUID account, Passenger passenger, Then then) {
        boolean isFirst;
        synchronized (this) {
            var others = waiting.get(account);
            isFirst = others == null;
            if (others != null && !others.isEmpty()) {
                others.add(passenger);
                return;
            }
            var group = new ArrayList<>(List.of(passenger));
            waiting.put(account, group);
            alarm(account, group, then);
        }
        if (isFirst) {
            open.apply(account).subscribe().with(opened -> take(account).forEach(one -> then.goOn(one, opened)));
        }
    }

    private void alarm(UUID account, List<Passenger> group, Then then) {
        Infrastructure.getDefaultWorkerPool()
                .schedule(
                        () -> takeLate(account, group).forEach(one -> then.goOn(one, false)),
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private synchronized List<Passenger> take(UUID account) {
        var all = waiting.remove(account);
        return all == null ? List.of() : all;
    }

    // The same group, and not one that began after it: what is left behind tells that the load goes on.
    private synchronized List<Passenger> takeLate(UUID account, List<Passenger> group) {
        if (waiting.get(account) != group) {
            return List.of();
        }
        waiting.put(account, new ArrayList<>());
        return group;
    }
}
