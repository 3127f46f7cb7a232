package dev.latchkey.report;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialSummary;
import dev.latchkey.platform.caller.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that is known of one credential at one time.
 *
 * @param scopesUsed the scopes that its calls needed
 * @param reachable the known scopes that its granted ones cover
 */
record Examined(
        CredentialSummary summary,
        Optional<Instant> lastUse,
        Set<String> scopesUsed,
        List<String> reachable,
        Instant now) {

    Examined {
        scopesUsed = Set.copyOf(scopesUsed);
        reachable = List.copyOf(reachable);
    }

    Credential credential() {
        return summary.credential();
    }

    boolean isSuperseded() {
        return summary.supersededAt().isPresent();
    }

    boolean wasUsed() {
        return lastUse.isPresent() || !scopesUsed.isEmpty();
    }

    /** How long ago that was; nothing of the future is negative, lest clocks that differ find something. */
    Duration since(Instant at) {
        return at.isBefore(now) ? Duration.between(at, now) : Duration.ZERO;
    }

    /** What it may do and never did, sorted. Who used {@code admin:tenant} needed it, and with it all that it contains. */
    List<String> unusedScopes() {
        var used = Scopes.of(scopesUsed);
        // A granted word may be unknown by now; a wildcard is no scope itself, and is told by what it covers.
        var granted = credential().scopes().words().stream().filter(word -> !word.endsWith(":*"));
        return Stream.concat(granted, reachable.stream())
                .distinct()
                .filter(scope -> !used.covers(scope))
                .sorted()
                .toList();
    }

    /** A block of all addresses is no limit, though it stands in the list of limits. */
    boolean hasAddressLimit() {
        var blocks = credential().allowedCidrs();
        return !blocks.isEmpty()
                && blocks.stream().noneMatch(block -> block.toString().endsWith("/0"));
    }
}
