package dev.latchkey.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real JVM at the head of a process group of its own, as a shell starts it. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Runs {@link LocalProgram}. */
    static ChildJvm start(Path folder, Map<String, String> environment, String mode) throws IOException {
        return run(
                folder,
                environment,
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                LocalProgram.class.getName(),
                mode);
    }

    static ChildJvm run(Path folder, Map<String, String> environment, String... javaArguments) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of("setsid", java));
        command.addAll(List.of(javaArguments));
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().put("LATCHKEY_DATA_DIR", folder.resolve("data").toString());
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    List<String> awaitReady() throws IOException {
        return awaitLine("ready"::equals);
    }

    /** Reads until such a line; the lines up to there. */
    List<String> awaitLine(Predicate<String> wanted) throws IOException {
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (wanted.test(line)) {
                return lines;
            }
            lines.add(line);
        }
        return fail("Ended before that: " + lines);
    }

    /** Reads until it ends by itself. */
    String awaitRefusal() throws IOException, InterruptedException {
        var text = output.readAllAsString();
        assertEquals(1, process.waitFor(), text);
        return text;
    }

    String setting(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    List<ProcessHandle> children() {
        return process.toHandle().descendants().toList();
    }

    long pid() {
        return process.pid();
    }

    /** Sends a signal to the whole process group, as Ctrl-C does, or to the JVM alone. */
    void signal(String name, boolean wholeGroup) throws IOException, InterruptedException {
        var target = (wholeGroup ? "-" : "") + process.pid();
        assertEquals(
                0, new ProcessBuilder("kill", "-s", name, "--", target).start().waitFor());
    }

    /** Sends the signal and waits until the JVM and every process it had are gone. */
    void endWith(String signal, boolean wholeGroup) throws IOException, InterruptedException {
        var all = new ArrayList<>(children());
        all.add(process.toHandle());
        signal(signal, wholeGroup);
        assertAllGone(all);
    }

    static void assertAllGone(List<ProcessHandle> processes) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (var process : processes) {
            while (process.isAlive()) {
                if (System.nanoTime() > deadline) {
                    fail("Still there: " + process + " " + process.info());
                }
                Thread.sleep(20);
            }
        }
    }

    /** With all that it had: what still writes would be in the way of whoever clears the folder up. */
    @Override
    public void close() {
        var all = new ArrayList<>(children());
        process.destroyForcibly();
        try {
            assertAllGone(all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
