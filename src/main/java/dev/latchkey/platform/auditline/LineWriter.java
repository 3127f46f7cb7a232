package dev.latchkey.platform.auditline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes lines as they are, behind whoever has them: many at a time. Where the output stands still, what finds no room is lost, and a line of the
 * category says how many were: a service that answers nobody would be worse.
 */
final class LineWriter implements AutoCloseable {

    static final int MOST_WAITING = 16_384;

    // So much goes into a pipe in one piece (POSIX), whoever else writes into it.
    private static final int PIECE = 4096;
    private static final Duration GATHER = Duration.ofMillis(5);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);

    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final String category;
    private final OutputStream out;
    private final Thread writer;
    private volatile boolean closed;

    LineWriter(String category, OutputStream out) {
        this.category = category;
        this.out = out;
        this.writer = Thread.ofPlatform().name("latchkey-audit-lines").daemon().start(this::run);
    }

    void write(String line) {
        if (closed || !waiting.offer(line)) {
            lose(1);
        }
    }

    /** How many found no room, or could not be written. */
    long lost() {
        return lost.get();
    }

    /** Writes what waits, unless the output stands still. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lose(long lines) {
        lost.addAndGet(lines);
        untold.addAndGet(lines);
    }

    private void run() {
        var lines = new ArrayList<String>();
        while (!closed || !waiting.isEmpty()) {
            try {
                lines.add(waiting.take());
                Thread.sleep(GATHER);
            } catch (InterruptedException e) {
                // It closes: what waits is written at once.
            }
            waiting.drainTo(lines);
            var missing = untold.getAndSet(0);
            if (missing > 0) {
                lines.add(category + " {\"lost\":" + missing + "}");
            }
            write(lines);
            lines.clear();
        }
    }

    private void write(List<String> lines) {
        var piece = new ByteArrayOutputStream(PIECE);
        var held = 0;
        for (var line : lines) {
            var bytes = line.concat("\n").getBytes(StandardCharsets.UTF_8);
            if (piece.size() + bytes.length > PIECE) {
                write(piece, held);
                held = 0;
            }
            piece.writeBytes(bytes);
            held++;
        }
        write(piece, held);
    }

    private void write(ByteArrayOutputStream piece, int lines) {
        try {
            out.write(piece.toByteArray());
        } catch (IOException | RuntimeException e) {
            // Where logs cannot be written there is nobody to tell but the metric.
            lose(lines);
        }
        piece.reset();
    }
}
