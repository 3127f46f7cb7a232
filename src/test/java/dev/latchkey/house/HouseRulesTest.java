package dev.latchkey.house;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.latchkey.platform.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The house's own rules: sizes, names, migrations, and a section in the documentation for each error code. */
class HouseRulesTest {

    private static final Path MAIN = Path.of("src/main/java/dev/latchkey");
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final int MOST_LINES = 250;
    private static final int MOST_METHOD_LINES = 45;
    private static final int MOST_FILES = 16;
    private static final Pattern BAD_NAME = Pattern.compile(
            "(Util|Utils|Helper|Impl|Dto|Manager)$|(^|/)(util|utils|dto|mapper|repository|impl|service)/");

    /** Each with the reason why no concept is missing. */
    private static final Map<String, String> OVERSIZED_WITH_REASON = Map.of(
            "token",
            "one entity with many columns: half of the files are small records of its fields",
            "usage",
            "one set of tables: how events get in, are kept, checked and read");

    @Test
    void noFileIsTooLong() {
        var tooLong = sources().stream()
                .filter(file -> lines(file).size() > MOST_LINES)
                .toList();
        assertEquals(List.of(), tooLong);
    }

    @Test
    void noMethodIsTooLong() {
        assertEquals(List.of(), LongMethods.in(sources(), MOST_METHOD_LINES));
    }

    @Test
    void theMethodRuleSeesALongMethod(@TempDir Path folder) throws IOException {
        var file = folder.resolve("Long.java");
        var body = "        call();\n".repeat(MOST_METHOD_LINES - 1);
        Files.writeString(file, "class Long {\n    void one() {\n" + body + "    }\n\n    void other() {}\n}\n");
        assertEquals(List.of("Long.java one"), LongMethods.in(List.of(file), MOST_METHOD_LINES));
    }

    @Test
    void noPackageIsTooLarge() {
        var tooLarge =
                sources().stream()
                        .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()))
                        .entrySet()
                        .stream()
                        .filter(entry -> entry.getValue() > MOST_FILES)
                        .map(Map.Entry::getKey)
                        .filter(folder -> !OVERSIZED_WITH_REASON.containsKey(
                                MAIN.relativize(folder).toString()))
                        .toList();
        assertEquals(List.of(), tooLarge);
    }

    @Test
    void everyPackageBeginsWithAnEssayAndIsNullMarked() {
        var missing = sources().stream()
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !folder.equals(MAIN))
                .filter(folder -> !read(folder.resolve("package-info.java")).contains("@NullMarked"))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void noNameSaysNothing() {
        var bad = sources().stream()
                .map(file -> MAIN.relativize(file).toString().replace(".java", ""))
                .filter(name -> BAD_NAME.matcher(name).find())
                .toList();
        assertEquals(List.of(), bad);
    }

    @Test
    void migrationsAreNamedForTheirFeature() throws IOException {
        var name = Pattern.compile("V\\d{4}__([a-z][a-z0-9]*)_[a-z0-9_]+\\.sql");
        try (var files = Files.list(MIGRATIONS)) {
            var bad = files.map(file -> file.getFileName().toString())
                    .filter(file -> {
                        var matcher = name.matcher(file);
                        return !matcher.matches() || !Files.isDirectory(MAIN.resolve(matcher.group(1)));
                    })
                    .toList();
            assertEquals(List.of(), bad);
        }
    }

    @Test
    void releasedMigrationsNeverChange() {
        var changed = lines(Path.of("src/test/resources/released-migrations.sha256")).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .filter(line -> {
                    var sum = line.substring(0, 64);
                    var file = MIGRATIONS.resolve(line.substring(66));
                    return !sum.equals(sha256(read(file)));
                })
                .toList();
        assertEquals(List.of(), changed);
    }

    @Test
    void everyProblemHasASectionInTheDocumentationAndNoneIsLeftOver() {
        var codes = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("dev.latchkey").stream()
                        .filter(type -> type.isAssignableTo(ProblemCode.class) && type.isEnum())
                        .map(JavaClass::reflect)
                        .filter(Class::isEnum)
                        .flatMap(type -> java.util.Arrays.stream(type.getEnumConstants()))
                        .map(constant -> ((ProblemCode) constant).code())
                        .collect(toCollection(TreeSet::new));
        var sections = Pattern.compile("^## `(.+)`$", Pattern.MULTILINE)
                .matcher(read(Path.of("docs/problems.md")))
                .results()
                .map(match -> match.group(1))
                .collect(toCollection(TreeSet::new));
        assertFalse(codes.isEmpty());
        assertEquals(codes, sections);
    }

    private static List<Path> sources() {
        try (var files = Files.walk(MAIN)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        return read(file).lines().toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        return java.util.HexFormat.of().formatHex(dev.latchkey.platform.crypto.Digests.sha256(text));
    }
}
