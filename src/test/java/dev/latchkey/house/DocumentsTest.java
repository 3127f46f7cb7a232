package dev.latchkey.house;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents lead where they say, and the ASVS table counts what it holds. */
class DocumentsTest {

    private static final Path ROOT = Path.of("");
    private static final Path ASVS = Path.of("docs/asvs.md");

    /** Requirements of levels 1 and 2 in 5.0.0: 70 and 183. */
    private static final int ASVS_LINES = 253;

    private static final Pattern INLINE = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern DEFINED = Pattern.compile("(?m)^\\[([^]\\n]+)]: (\\S+)$");
    private static final Pattern SHORT = Pattern.compile("(?m)(?!^)\\[([^]\\n]+)](?!\\()");
    private static final Pattern NUMBER = Pattern.compile("\\d+\\.\\d+\\.\\d+");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+\\.\\d+\\.\\d+) \\|[^|]*\\| ([^|]*) \\|(.*)\\|$");
    private static final Pattern UNFIT = Pattern.compile("(?ms)^Does not apply:.*?(?=\\n\\n)");

    @Test
    void everyRelativeLinkLeadsSomewhere() {
        var documents = documents();
        assertTrue(documents.size() > 15, documents.toString());
        assertEquals(
                List.of(),
                documents.stream().flatMap(DocumentsTest::broken).sorted().toList());
    }

    @Test
    void theRuleSeesALinkToNowhere(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("other.md"), "# Two `words`, and more\n");
        var document = folder.resolve("one.md");
        Files.writeString(document, """
                [good](other.md#two-words-and-more) [here](#here) [web](https://example.com/x) `[code](none.md)`
                [lost](none.md) [no such part](other.md#three) [short]

                ```
                [code](none.md)
                ```

                ## Here

                [short]: none/at/all.txt
                """);
        assertEquals(
                List.of("none.md", "none/at/all.txt", "other.md#three"),
                broken(document)
                        .map(fault -> fault.substring(fault.indexOf(": ") + 2))
                        .sorted()
                        .toList());
    }

    @Test
    void eachLineOfTheAsvsTableThatClaimsSomethingNamesItsProof() {
        var text = read(ASVS);
        var known = DEFINED.matcher(text).results().map(link -> link.group(1)).toList();
        var without = ROW.matcher(text)
                .results()
                .filter(row -> List.of("held", "partly").contains(row.group(2)))
                .filter(row -> !INLINE.matcher(row.group(3)).find()
                        && SHORT.matcher(row.group(3)).results().noneMatch(name -> known.contains(name.group(1))))
                .map(row -> row.group(1))
                .toList();
        assertEquals(List.of(), without);
        var undefined = SHORT.matcher(text)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !known.contains(name))
                .toList();
        assertEquals(List.of(), undefined);
    }

    @Test
    void theAsvsTableHasEachNumberOnceAndItsCountsAreRight() {
        var text = read(ASVS);
        var states = ROW.matcher(text).results().collect(groupingBy(row -> row.group(2), counting()));
        var applying = ROW.matcher(text).results().map(row -> row.group(1)).toList();
        var numbers = Stream.concat(
                        applying.stream(),
                        UNFIT.matcher(text)
                                .results()
                                .flatMap(part -> NUMBER.matcher(part.group()).results())
                                .map(number -> number.group()))
                .toList();
        assertEquals(ASVS_LINES, numbers.size());
        assertEquals(ASVS_LINES, new HashSet<>(numbers).size());
        var counts = "Of %d lines %d apply: **%d held, %d partly, %d not held, %d operator**."
                .formatted(
                        ASVS_LINES,
                        applying.size(),
                        states.getOrDefault("held", 0L),
                        states.getOrDefault("partly", 0L),
                        states.getOrDefault("not held", 0L),
                        states.getOrDefault("operator", 0L));
        assertTrue(text.contains(counts), counts);
        assertEquals(4, states.size(), states.toString());
    }

    private static List<Path> documents() {
        return Stream.of(list(ROOT, 1), list(Path.of("docs"), 9), list(Path.of("bench"), 9))
                .flatMap(List::stream)
                .filter(file -> file.toString().endsWith(".md"))
                .filter(file -> !file.toString().contains("target/"))
                .toList();
    }

    private static Stream<String> broken(Path document) {
        var text = withoutCode(read(document));
        return Stream.concat(
                        INLINE.matcher(text).results().map(link -> link.group(1)),
                        DEFINED.matcher(text).results().map(link -> link.group(2)))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .filter(target -> !leadsSomewhere(document, target))
                .map(target -> document + ": " + target);
    }

    private static boolean leadsSomewhere(Path document, String target) {
        var parts = target.split("#", 2);
        var file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        return Files.exists(file) && (parts.length == 1 || headings(file).contains(parts[1]));
    }

    /** As GitHub names them in links. */
    private static List<String> headings(Path document) {
        return read(document)
                .lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String withoutCode(String text) {
        return text.replaceAll("(?ms)^```.*?^```$", "").replaceAll("`[^`\\n]*`", "");
    }

    private static List<Path> list(Path folder, int depth) {
        if (!Files.isDirectory(folder.toAbsolutePath())) {
            return List.of();
        }
        try (var files = Files.walk(folder, depth)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
