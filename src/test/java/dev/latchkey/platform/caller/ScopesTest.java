package dev.latchkey.platform.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The algebra of scopes. */
class ScopesTest {

    @Property
    void coveringIsReflexive(@ForAll("scopes") Scopes scopes) {
        assertTrue(scopes.missing(scopes.words()).isEmpty());
    }

    @Property
    void coveringIsTransitive(@ForAll("scopes") Scopes a, @ForAll("scopes") Scopes b, @ForAll("scopes") Scopes c) {
        if (a.missing(b.words()).isEmpty() && b.missing(c.words()).isEmpty()) {
            assertTrue(a.missing(c.words()).isEmpty());
        }
    }

    @Property
    void moreScopesNeverCoverLess(
            @ForAll("scopes") Scopes some, @ForAll("scopes") Scopes others, @ForAll("word") String needed) {
        var both = Scopes.of(java.util.stream.Stream.concat(some.words().stream(), others.words().stream())
                .toList());
        assertEquals(some.covers(needed) || others.covers(needed), both.covers(needed));
    }

    @Property
    void whatIsMissingIsExactlyWhatIsNotCovered(@ForAll("scopes") Scopes scopes, @ForAll("words") List<String> needed) {
        assertEquals(scopes.missing(needed).isEmpty(), needed.stream().allMatch(scopes::covers));
        assertTrue(scopes.missing(needed).stream().noneMatch(scopes::covers));
    }

    @Test
    void theTenantsAdminCoversEverythingAndNothingElseCoversTheAdmin() {
        assertTrue(Scopes.of("admin:tenant")
                .missing(List.of("read:audits", "write:audits", "read:*", "verify:tokens"))
                .isEmpty());
        assertFalse(Scopes.of("read:*", "write:audits", "verify:tokens").covers("admin:tenant"));
    }

    @Test
    void aWildcardCoversItsVerbOnly() {
        var reader = Scopes.of("read:*");
        assertTrue(reader.covers("read:audits"));
        assertTrue(reader.covers("read:*"));
        assertFalse(reader.covers("write:audits"));
        assertFalse(reader.covers("reader:audits"));
        assertFalse(Scopes.of("read:audits", "read:reports").covers("read:*"));
    }

    @Test
    void noScopesCoverNothingButNothing() {
        assertFalse(Scopes.of().covers("read:audits"));
        assertTrue(Scopes.of().missing(List.of()).isEmpty());
    }

    @Test
    void wordsAreKeptOnceAndSorted() {
        assertEquals(List.of("a:b", "c:d"), Scopes.of("c:d", "a:b", "c:d").words());
    }

    @Provide
    Arbitrary<String> word() {
        return Arbitraries.of(
                "read:audits",
                "read:reports",
                "read:*",
                "write:audits",
                "write:*",
                "admin:tenant",
                "admin:*",
                "verify:tokens");
    }

    @Provide
    Arbitrary<List<String>> words() {
        return word().list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<Scopes> scopes() {
        return words().map(Scopes::of);
    }
}
