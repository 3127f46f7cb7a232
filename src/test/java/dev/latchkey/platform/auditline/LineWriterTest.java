package dev.latchkey.platform.auditline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineWriterTest {

    private static final int SOME = 1000;

    /** Stands still until it is let go. */
    private static final class Stalled extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        @Override
        public void write(int value) {
            throw new AssertionError("One by one");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            reached.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                // As files do, it does not hear of it.
            }
            written.write(bytes, offset, length);
        }
    }

    /** Takes nothing until it is mended. */
    private static final class Broken extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private volatile boolean isWhole;

        @Override
        public void write(int value) throws IOException {
            if (!isWhole) {
                throw new IOException("No space left");
            }
            written.write(value);
        }
    }

    private static String line(int number) {
        return "API_AUDIT {\"number\":" + number + ",\"name\":\"ü\"}";
    }

    private static List<String> lines(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void whatWaitsAtTheEndIsWrittenWholeAndInItsOrder() {
        var out = new ByteArrayOutputStream();
        var lines = new LineWriter("API_AUDIT", out);
        IntStream.range(0, SOME).forEach(number -> lines.write(line(number)));
        lines.close();
        assertEquals(IntStream.range(0, SOME).mapToObj(LineWriterTest::line).toList(), lines(out));
    }

    @Test
    void whoLogsDoesNotWaitForAnOutputThatStandsStillAndALineSaysWhatIsMissing() throws Exception {
        var out = new Stalled();
        var lines = new LineWriter("API_AUDIT", out);
        lines.write(line(0));
        out.reached.await();
        IntStream.range(0, LineWriter.MOST_WAITING + SOME).forEach(number -> lines.write(line(number)));
        out.go.countDown();
        Eventually.within(10, () -> {
            var written = lines(out.written);
            assertEquals(1 + LineWriter.MOST_WAITING + 1, written.size());
            assertTrue(written.contains("API_AUDIT {\"lost\":" + SOME + "}"), written.getLast());
        });
        assertEquals(SOME, lines.lost());
        lines.close();
    }

    @Test
    void whatCannotBeWrittenIsCountedAndTheWriterGoesOn() {
        var out = new Broken();
        var lines = new LineWriter("API_AUDIT", out);
        lines.write(line(0));
        Eventually.within(10, () -> assertEquals(1, lines.lost()));
        out.isWhole = true;
        lines.write(line(1));
        Eventually.within(10, () -> assertTrue(lines(out.written).contains(line(1))));
        lines.close();
        lines.write(line(2));
        assertTrue(lines.lost() >= 2, "who comes too late is counted");
    }
}
