package dev.latchkey.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the process that a pid file names. */
final class RunningProgram {

    private RunningProgram() {}

    /** Absent when the process is gone, or when its number now belongs to another program. */
    static Optional<ProcessHandle> find(Path pidFile, String program) {
        try (var lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(line -> Long.parseLong(line.strip()))
                    .flatMap(ProcessHandle::of)
                    .filter(process -> runs(process, program));
        } catch (IOException | NumberFormatException e) {
            // No such file, or one that its process had no time to write.
            return Optional.empty();
        }
    }

    private static boolean runs(ProcessHandle process, String program) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString().startsWith(program))
                .orElse(false);
    }
}
