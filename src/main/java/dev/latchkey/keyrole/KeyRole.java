package dev.latchkey.keyrole;

import dev.latchkey.platform.caller.Scopes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What keys of a role are.
 *
 * @param perHour requests; absent for no limit
 * @param creates the roles of keys that its keys may create
 */
public record KeyRole(String name, Scopes scopes, Duration life, OptionalLong perHour, Set<String> creates) {

    /** For the row, which outlives the role. */
    public Optional<Long> limit() {
        return perHour.stream().boxed().findFirst();
    }
}
