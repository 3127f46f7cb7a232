package dev.latchkey.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoOrphansTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "KILL, false", // the out-of-memory killer, or a debugger that is stopped
        "INT, true", // Ctrl-C in a terminal
        "HUP, true", // the terminal is closed
        "KILL, true" // a build server that ends a job
    })
    void noProcessAndNoTemporaryDataOutlivesTheJvm(String signal, boolean wholeGroup) throws Exception {
        try (var child = start("temporary")) {
            child.awaitReady();
            assertEquals(1, temporaryFolders().size());
            assertTrue(child.children().size() > 4, "a shell and its reader for each service, and the services");

            child.endWith(signal, wholeGroup);

            assertEquals(List.of(), temporaryFolders());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 400, 700, 1000, 1400, 2000})
    void noProcessOutlivesAJvmThatIsKilledWhileItStarts(int afterMillis) throws Exception {
        try (var child = start("temporary")) {
            Thread.sleep(afterMillis);
            // A stopped JVM starts no more processes, so that the list of them is complete.
            child.signal("STOP", false);
            Thread.sleep(100);

            child.endWith("KILL", false);
        }
    }

    @Test
    void theServicesStayUpWhileTheJvmStillShutsDown() throws Exception {
        try (var child = start("temporary")) {
            child.awaitReady();
            var services = child.children();
            // A stopped JVM stands for one that takes its time after Ctrl-C.
            child.signal("STOP", false);
            child.signal("INT", true);
            Thread.sleep(500);

            assertTrue(services.stream().allMatch(ProcessHandle::isAlive));
            child.endWith("KILL", true);
        }
    }

    @Test
    void closingStopsBothAndRemovesTheirData() throws Exception {
        var before =
                ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
        var services = LocalServices.temporary();
        var started = ProcessHandle.current()
                .descendants()
                .filter(process -> !before.contains(process.pid()))
                .toList();
        assertFalse(started.isEmpty());

        services.close();

        ChildJvm.assertAllGone(started);
    }

    private ChildJvm start(String mode) throws IOException {
        return ChildJvm.start(folder, Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder), mode);
    }

    private List<Path> temporaryFolders() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("latchkey-"))
                    .toList();
        }
    }
}
