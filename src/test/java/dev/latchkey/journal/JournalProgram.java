package dev.latchkey.journal;

import dev.latchkey.chunk.ChunkCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.function.Function;

/** What tests run in a JVM of its own: to kill it while it writes, and to let two look for the same leftovers. */
public final class JournalProgram {

    private JournalProgram() {}

    public static void main(String... arguments) throws Exception {
        var root = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "away" -> write(root, chunk -> Uni.createFrom().failure(new IOException("away")));
            case "shipping" -> write(root, into(Path.of(arguments[2])));
            case "recover" -> recover(root, Path.of(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    // Two threads, each with a writer of its own: even and odd numbers, each printed when it is in the journal.
    private static void write(Path root, Function<byte[], Uni<Void>> destination) throws Exception {
        var journal = OpenJournal.open(root, 64L << 20, destination, SampleJournal.YOUNG, new SimpleMeterRegistry());
        Thread.ofPlatform().start(() -> writeForEver(journal.writer(), 1));
        writeForEver(journal.writer(), 0);
    }

    private static void writeForEver(JournalWriter writer, int from) {
        var out = new PrintStream(System.out, true);
        for (var number = from; ; number += 2) {
            if (writer.append(SampleJournal.use(number))) {
                out.println(number);
            }
        }
    }

    private static Function<byte[], Uni<Void>> into(Path file) {
        return chunk -> {
            try {
                Files.writeString(
                        file,
                        HexFormat.of().formatHex(chunk) + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                return Uni.createFrom().voidItem();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static void recover(Path root, Path go) throws InterruptedException {
        System.out.println("ready");
        while (Files.notExists(go)) {
            Thread.sleep(1);
        }
        SampleJournal.recover(
                root,
                chunk -> {
                    System.out.println(ChunkCodec.decode(chunk).id());
                    return Uni.createFrom().voidItem();
                },
                SampleJournal.YOUNG);
    }
}
