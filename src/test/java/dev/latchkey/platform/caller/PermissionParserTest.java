package dev.latchkey.platform.caller;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.platform.caller.PermissionParser.NotAQuery;
import dev.latchkey.platform.caller.PermissionQuery.All;
import dev.latchkey.platform.caller.PermissionQuery.Any;
import dev.latchkey.platform.caller.PermissionQuery.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Permission queries are read as they are meant, and a text that is none is refused where it stops to be one. */
class PermissionParserTest {

    private static final List<String> WORDS = List.of("a:b", "c:d", "e:f", "android:x", "or-else:y");

    @Test
    void andBindsTighterThanOrAndBracketsTighterThanBoth() throws NotAQuery {
        var a = new Word("a");
        var b = new Word("b");
        var c = new Word("c");
        assertEquals(a, PermissionParser.parse("a"));
        assertEquals(a, PermissionParser.parse("  ((a))  "));
        assertEquals(new Any(List.of(a, new All(List.of(b, c)))), PermissionParser.parse("a OR b AND c"));
        assertEquals(new Any(List.of(new All(List.of(a, b)), c)), PermissionParser.parse("a and b or c"));
        assertEquals(new All(List.of(new Any(List.of(a, b)), c)), PermissionParser.parse("(a Or b)AND(c)"));
        assertEquals(new All(List.of(a, b, c)), PermissionParser.parse("a AND b AND c"));
        assertEquals(
                List.of("a", "b", "c"),
                PermissionParser.parse("c OR (b AND a) OR c").words());
    }

    @Test
    void wordsThatOnlyBeginLikeOperatorsAreScopes() throws NotAQuery {
        for (var word : List.of("android:x", "AND:x", "ORDER", "or-else", "read:*", "a.b/c_d-1:*")) {
            assertEquals(new Word(word), PermissionParser.parse(word));
        }
    }

    @Test
    void whatIsNoQueryIsRefusedAtItsFirstWrongCharacter() {
        assertAll(Stream.of(
                at(1, ""),
                at(2, " "),
                at(6, "a AND"),
                at(6, "a OR "),
                at(3, "a b"),
                at(7, "a AND AND b"),
                at(1, "AND"),
                at(1, "or"),
                at(1, "AND a"),
                at(6, "a OR or b"),
                at(3, "(a"),
                at(8, "(a OR b"),
                at(2, "a)"),
                at(2, "()"),
                at(3, "( )"),
                at(5, "((a)"),
                at(2, "a, b"),
                at(3, "a & b"),
                at(3, "a || b"),
                at(5, "not a"),
                at(1, "!a"),
                at(1, "\"a\""),
                at(2, "a\tAND b"),
                at(1, "\u00e9:x"),
                at(3, "a:\u0430"),
                at(12, "a AND (b OR)")));
    }

    @Test
    void aQueryIsBoundedInLengthInDepthAndInTheLengthOfAScope() throws NotAQuery {
        var longest = "a".repeat(100);
        assertEquals(new Word(longest), PermissionParser.parse(longest));
        assertEquals(6, refused("b OR a" + longest).position());
        assertEquals(1001, refused(" ".repeat(1001)).position());
        assertEquals(new Word("a"), PermissionParser.parse("a" + " ".repeat(999)));
        assertEquals(new Word("a"), PermissionParser.parse("(".repeat(20) + "a" + ")".repeat(20)));
        assertEquals(21, refused("(".repeat(21) + "a" + ")".repeat(21)).position());
        assertEquals(21, refused("(".repeat(1000)).position());
        // Brackets beside each other are not deep.
        PermissionParser.parse(IntStream.range(0, 100).mapToObj(i -> "(a)").collect(joining(" OR ")));
    }

    @Test
    void nothingIsMetByNobodyAndWildcardsAndTheTenantsAdminMeetWhatTheyCover() throws NotAQuery {
        var query = PermissionParser.parse("read:reports AND (write:audits OR read:audits)");
        assertEquals(true, query.isMetBy(Scopes.of("read:*")));
        assertEquals(true, query.isMetBy(Scopes.of("admin:tenant")));
        assertEquals(true, query.isMetBy(Scopes.of("read:reports", "write:*")));
        assertEquals(false, query.isMetBy(Scopes.of("write:*")));
        assertEquals(false, query.isMetBy(Scopes.of("read:reports")));
        assertEquals(false, query.isMetBy(Scopes.of(List.of())));
        assertEquals(true, PermissionQuery.NOTHING.isMetBy(Scopes.of(List.of())));
        // Who asks for a wildcard asks for all of it.
        assertEquals(false, PermissionParser.parse("read:*").isMetBy(Scopes.of("read:reports")));
    }

    @Property(tries = 500)
    void whatIsPrintedAndReadAgainMeansTheSame(@ForAll("queries") PermissionQuery query, @ForAll long seed)
            throws NotAQuery {
        var random = new Random(seed);
        var again = PermissionParser.parse(print(query, random));
        for (var set = 0; set < 1 << WORDS.size(); set++) {
            var chosen = set;
            var granted = Scopes.of(IntStream.range(0, WORDS.size())
                    .filter(i -> (chosen >> i & 1) == 1)
                    .mapToObj(WORDS::get)
                    .toList());
            assertEquals(query.isMetBy(granted), again.isMetBy(granted), () -> query + " with " + granted);
        }
        assertEquals(query.words(), again.words());
    }

    @Property(tries = 1000)
    void everyTextIsAQueryOrRefusedAtAPositionInIt(@ForAll("texts") String text) {
        try {
            PermissionParser.parse(text);
        } catch (NotAQuery e) {
            assertEquals(Math.clamp(e.position(), 1, text.length() + 1), e.position());
        }
    }

    @Provide
    Arbitrary<PermissionQuery> queries() {
        return queries(3);
    }

    private static Arbitrary<PermissionQuery> queries(int depth) {
        Arbitrary<PermissionQuery> word = Arbitraries.of(WORDS).map(Word::new);
        if (depth == 0) {
            return word;
        }
        var parts = queries(depth - 1).list().ofMinSize(2).ofMaxSize(3);
        return Arbitraries.oneOf(word, parts.map(All::new), parts.map(Any::new));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b:c", " ", "(", ")", "AND", "or", "*", "\u00e9", "\u0000", "\ud800")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    /** With brackets where they must be, and some where they need not. */
    private static String print(PermissionQuery query, Random random) {
        var bracket = random.nextInt(4) == 0;
        var text =
                switch (query) {
                    case Word(String scope) -> scope;
                    case All(List<PermissionQuery> parts) ->
                        join(parts, random.nextBoolean() ? " AND " : " and ", true, random);
                    case Any(List<PermissionQuery> parts) ->
                        join(parts, random.nextBoolean() ? " OR " : "  or  ", false, random);
                };
        return bracket ? "( " + text + ")" : text;
    }

    private static String join(List<PermissionQuery> parts, String operator, boolean ofAll, Random random) {
        var texts = new ArrayList<String>();
        for (var part : parts) {
            var text = print(part, random);
            texts.add(ofAll && part instanceof Any ? "(" + text + ")" : text);
        }
        return String.join(operator, texts);
    }

    private static Executable at(int position, String text) {
        return () -> assertEquals(position, refused(text).position(), text);
    }

    private static NotAQuery refused(String text) {
        return assertThrows(NotAQuery.class, () -> PermissionParser.parse(text), text);
    }
}
