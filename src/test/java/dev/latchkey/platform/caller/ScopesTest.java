package dev.latchkey.platform.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
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
        assertTrue(scopes.coversAll(scopes.words()));
    }

    @Property
    void coveringIsTransitive(@ForAll("scopes") Scopes a, @ForAll("scopes") Scopes b, @ForAll("scopes") Scopes c) {
        if (a.coversAll(b.words()) && b.coversAll(c.words())) {
            assertTrue(a.coversAll(c.words()));
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
        assertEquals(scopes.missing(needed).isEmpty(), scopes.coversAll(needed));
        assertTrue(scopes.missing(needed).stream().noneMatch(scopes::covers));
    }

    @Property
    void theGrantsOfAScopeAreThereExactlyWhenItIsCovered(
            @ForAll("scopes") Scopes scopes, @ForAll("word") String needed) {
        assertEquals(scopes.covers(needed), !scopes.grantsOf(needed).isEmpty());
    }

    @Test
    void theTenantsAdminCoversEverythingAndNothingElseCoversTheAdmin() {
        assertTrue(
                Scopes.of("admin:tenant").coversAll(List.of("read:audits", "write:audits", "read:*", "verify:tokens")));
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
        assertTrue(Scopes.of().coversAll(List.of()));
    }

    @Test
    void wordsAreKeptOnceAndSorted() {
        assertEquals(List.of("a:b", "c:d"), Scopes.of("c:d", "a:b", "c:d").words());
        assertEquals(
                Set.of("admin:tenant", "read:*"),
                Scopes.of("read:*", "admin:tenant").grantsOf("read:audits"));
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
