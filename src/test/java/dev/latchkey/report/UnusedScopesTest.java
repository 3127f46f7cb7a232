package dev.latchkey.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.caller.Scopes;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The law: what was granted is what was used and what was not. */
class UnusedScopesTest {

    @Property
    void everyKnownScopeThatIsGrantedIsEitherCoveredByTheUsedOnesOrUnused(
            @ForAll("grants") Set<String> granted, @ForAll("needs") Set<String> used) {
        var unused = unused(granted, used);
        for (var scope : Sample.KNOWN) {
            var isLeftOver =
                    Scopes.of(granted).covers(scope) && !Scopes.of(used).covers(scope);
            assertEquals(isLeftOver, unused.contains(scope), scope);
        }
    }

    @Property
    void grantingExactlyWhatWasUsedLeavesNothingUnused(@ForAll("needs") Set<String> used) {
        assertTrue(unused(used, used).isEmpty());
    }

    @Property
    void usingMoreNeverMakesMoreUnused(
            @ForAll("grants") Set<String> granted,
            @ForAll("needs") Set<String> used,
            @ForAll("needs") Set<String> more) {
        var both = Stream.concat(used.stream(), more.stream()).collect(Collectors.toSet());
        assertTrue(unused(granted, used).containsAll(unused(granted, both)));
    }

    @Property
    void aWildcardItselfIsNeverReported(@ForAll("grants") Set<String> granted, @ForAll("needs") Set<String> used) {
        assertFalse(unused(granted, used).stream().anyMatch(scope -> scope.contains("*")));
    }

    @Provide
    Arbitrary<Set<String>> grants() {
        return Arbitraries.of(Stream.concat(Sample.KNOWN.stream(), Stream.of("read:*", "write:*", "old:scope"))
                        .toList())
                .set()
                .ofMinSize(1);
    }

    @Provide
    Arbitrary<Set<String>> needs() {
        return Arbitraries.of(Sample.KNOWN).set();
    }

    private static Set<String> unused(Set<String> granted, Set<String> used) {
        return Set.copyOf(Sample.harmless()
                .granted(granted.toArray(String[]::new))
                .used(used.toArray(String[]::new))
                .examined()
                .unusedScopes());
    }
}
