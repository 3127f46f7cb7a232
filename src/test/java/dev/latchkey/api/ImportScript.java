package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A script that imports, run as an operator does, with programs that write down how they are called.
 *
 * @param folder empty at first, where that is written
 * @param secrets must be neither in what the script says nor in how it calls others
 */
public record ImportScript(String name, Path folder, List<String> secrets) {

    /** How it ended, and what it said. */
    public record Run(int status, String output) {}

    private static final List<String> PROGRAMS = List.of("psql", "curl");

    /** The test is skipped where they are missing. */
    public static void assumePrograms() {
        assumeTrue(PROGRAMS.stream().allMatch(ImportScript::isThere), PROGRAMS + " are needed for this test");
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    public Run run(String token, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bash", "scripts/" + name));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LATCHKEY_TOKEN", token);
        watchPrograms();
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        var run = new Run(process.waitFor(), output);
        for (var seen : List.of(output, called(folder))) {
            assertFalse(secrets.stream().anyMatch(seen::contains), seen);
            assertFalse(seen.contains(token) || seen.contains(OtherDatabase.password()), seen);
        }
        return run;
    }

    // They write down how they are called, and then are the real ones.
    private void watchPrograms() throws IOException {
        for (var program : PROGRAMS) {
            var path = folder.resolve(program);
            Files.writeString(path, """
                    #!/usr/bin/env bash
                    { printf '%%s\\n' "$@"; env | grep -v ^PGPASSWORD=; } >> "%1$s/seen"
                    PATH=${PATH#"%1$s:"} exec %2$s "$@"
                    """.formatted(folder, program));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** How the programs of that folder were called until now. */
    public static String called(Path folder) throws IOException {
        var path = folder.resolve("seen");
        return Files.exists(path) ? Files.readString(path) : "";
    }
}
