import java.io.IOException;
import java.nio.file.Path;

/** What a JVM tells of its memory. */
final class Jvm {

    /**
     * After a full collection.
     *
     * @param bytes of all that lives, and not of what the collector left between as it was cheaper
     * @param credentials snapshots of them that live
     */
    record Heap(long bytes, long credentials) {}

    private static final String CREDENTIAL = " dev.latchkey.credential.Credential";
    private static final String FILLER = "FillerElement;";

    private Jvm() {}

    static Heap heap(Program program) throws IOException, InterruptedException {
        var bytes = 0L;
        var filler = 0L;
        var credentials = 0L;
        for (var line : command(program, "GC.class_histogram").lines().toList()) {
            var words = line.strip().split(" +");
            if (line.startsWith("Total")) {
                bytes = Long.parseLong(words[2]);
            } else if (line.contains(FILLER)) {
                filler += Long.parseLong(words[2]);
            } else if (line.stripTrailing().endsWith(CREDENTIAL)) {
                credentials = Long.parseLong(words[1]);
            }
        }
        return new Heap(bytes - filler, credentials);
    }

    /** All that was allocated since the start. Only a collection tells: so there is one first. */
    static long allocatedBytes(Program program) throws IOException, InterruptedException {
        command(program, "GC.run");
        // It is told a moment later, and by another thread.
        Thread.sleep(500);
        return Metrics.of(program).sum("jvm_gc_memory_allocated_bytes_total");
    }

    private static String command(Program program, String command) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var process = new ProcessBuilder(jcmd, "" + program.process().pid(), command)
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new Failure("jcmd failed:\n" + output);
        }
        return output;
    }
}
