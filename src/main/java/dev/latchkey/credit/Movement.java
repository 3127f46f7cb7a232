package dev.latchkey.credit;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * What was decided about an account since the last time.
 *
 * @param spent in all; 0 or more
 * @param refills what each refill added, by the beginning of its period
 */
public record Movement(UUID accountId, long spent, Map<Instant, Long> refills) {

    /** @throws IllegalArgumentException if anything is below zero */
    public Movement {
        if (spent < 0 || refills.values().stream().anyMatch(amount -> amount < 0)) {
            throw new IllegalArgumentException("spent " + spent + ", refills " + refills);
        }
        refills = Map.copyOf(refills);
    }
}
