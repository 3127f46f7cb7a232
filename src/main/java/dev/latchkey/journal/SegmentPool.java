package dev.latchkey.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All segments of this process, and those of them that wait for a writer. Files are made ahead, never by a writer in need. Any thread takes; all else is
 * for the one that ships.
 */
final class SegmentPool {

    private static final int SPARES = 8;

    private final Path folder;
    private final int most;
    private final List<Segment> all = new CopyOnWriteArrayList<>();
    private final Queue<Segment> spares = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    SegmentPool(Path folder, int most) {
        this.folder = folder;
        this.most = most;
    }

    /** An empty segment for the caller alone; null if there is none. Does not block. */
    @Nullable
    Segment take() {
        return closed ? null : spares.poll();
    }

    /** Gives back a segment that was closed, and of which everything is shipped. */
    void giveBack(Segment segment) {
        segment.clear();
        spares.add(segment);
    }

    /**
     * Makes what is missing.
     *
     * @throws IOException if the disk does not take it
     */
    void refill() throws IOException {
        while (!closed && spares.size() < SPARES && all.size() < most) {
            var segment = Segment.create(folder, "%06d".formatted(all.size() + 1));
            all.add(segment);
            spares.add(segment);
        }
    }

    List<Segment> all() {
        return all;
    }

    /** No writer finds room any more, wherever it is. */
    void close() {
        closed = true;
        all.forEach(Segment::close);
    }
}
