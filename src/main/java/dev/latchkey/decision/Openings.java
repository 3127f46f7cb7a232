package dev.latchkey.decision;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Accounts that are being loaded: each once, however many wait for it, and who waits goes on in the order of coming. */
final class Openings {

    private final Function<UUID, Uni<Boolean>> open;
    private final Map<UUID, List<Passenger>> waiting = new HashMap<>();

    /** @param open loads an account; says whether it succeeded, and never fails */
    Openings(Function<UUID, Uni<Boolean>> open) {
        this.open = open;
    }

    /** What becomes of those who waited. */
    interface Then {
        void goOn(Passenger passenger, boolean opened);
    }

    void await(UUID account, Passenger passenger, Then then) {
        synchronized (this) {
            var others = waiting.get(account);
            if (others != null) {
                others.add(passenger);
                return;
            }
            waiting.put(account, new ArrayList<>(List.of(passenger)));
        }
        open.apply(account).subscribe().with(opened -> take(account).forEach(one -> then.goOn(one, opened)));
    }

    private synchronized List<Passenger> take(UUID account) {
        var all = waiting.remove(account);
        return all == null ? List.of() : all;
    }
}
