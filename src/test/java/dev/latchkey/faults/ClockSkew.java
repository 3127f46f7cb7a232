package dev.latchkey.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes a process see another time of day, by libfaketime where that is installed. Its monotonic clock stays right. */
final class ClockSkew {

    private static final Path LIBRARIES = Path.of("/usr/lib");

    private ClockSkew() {}

    /** What its environment must have to be so many seconds ahead, or behind; empty where that cannot be done. */
    static Optional<Map<String, String>> ofSeconds(int seconds) {
        return library()
                .map(library -> Map.of(
                        "LD_PRELOAD",
                        library.toString(),
                        "FAKETIME",
                        "%+ds".formatted(seconds),
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1",
                        "DONT_FAKE_MONOTONIC",
                        "1",
                        // Else waits of the JVM end at once, and it spins.
                        "FAKETIME_FORCE_MONOTONIC_FIX",
                        "0"));
    }

    private static Optional<Path> library() {
        try (var folders = Files.list(LIBRARIES)) {
            return folders.map(folder -> folder.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::isReadable)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
