package dev.latchkey.journal;

import io.micrometer.core.instrument.Counter;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Takes what the writers have written to where it is safe, some times a second: seals their open blocks, and ships all that are sealed. One thread. */
final class Shipper {

    private static final Logger LOG = Logger.getLogger(Shipper.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(1);
    // On their way at once: fewer than the meter takes of what is kept elsewhere.
    private static final int USES_MAX = 30_000;

    private record Shipment(Segment segment, int block, long word, CompletableFuture<Void> safe) {}

    private final SegmentPool pool;
    private final Function<byte[], Uni<Void>> destination;
    private final Counter shipped;
    private final CountDownLatch stopping = new CountDownLatch(1);
    // Of each segment, the first block that is not shipped.
    private final Map<Segment, Integer> places = new HashMap<>();
    private boolean failing;
    private boolean full;
    private volatile long unshipped;

    /** @param destination gives a chunk a safe place, or fails */
    Shipper(SegmentPool pool, Function<byte[], Uni<Void>> destination, Counter shipped) {
        this.pool = pool;
        this.destination = destination;
        this.shipped = shipped;
    }

    /** How many uses waited at the last look. */
    long unshipped() {
        return unshipped;
    }

    /** Ships until it is stopped; then closes the segments, and ships what is left, if it can. */
    void run() {
        var pause = TICK;
        while (!isStoppedWithin(pause)) {
            refill();
            pause = ship() ? TICK : RETRY;
        }
        pool.close();
        ship();
    }

    void stop() {
        stopping.countDown();
    }

    /** Ships all that there is; false if some of it must wait. */
    boolean ship() {
        try {
            var isMore = true;
            while (isMore) {
                var shipments = new ArrayList<Shipment>();
                isMore = !gather(shipments);
                if (!await(shipments)) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException | Error e) {
            // Whatever it was: if this thread ended, nothing would ever be shipped again.
            LOG.error("The journal could not be shipped", e);
            return false;
        } finally {
            unshipped = pool.all().stream().mapToLong(this::tidy).sum();
        }
    }

    /** False if there is more than may be on its way at once. */
    private boolean gather(List<Shipment> shipments) {
        var uses = 0L;
        for (var segment : pool.all()) {
            var end = Layout.block(segment.last());
            var block = place(segment);
            while (block <= end) {
                if (uses > USES_MAX) {
                    return false;
                }
                var word = seal(segment, block);
                if (BlockWord.isUnshipped(word)) {
                    var safe = destination.apply(segment.chunk(block, word)).subscribeAsCompletionStage();
                    shipments.add(new Shipment(segment, block, word, safe));
                    uses += BlockWord.count(word);
                }
                block = Layout.next(block, word);
            }
        }
        return true;
    }

    // A block without uses stays open, for its writer is about to write the first one; in the end it may not.
    private long seal(Segment segment, int block) {
        var word = segment.word(block);
        while (BlockWord.mark(word) == BlockWord.OPEN && (BlockWord.count(word) > 0 || isStopped())) {
            var sealed = BlockWord.as(BlockWord.SEALED, word);
            if (segment.replace(block, word, sealed)) {
                return sealed;
            }
            word = segment.word(block);
        }
        return word;
    }

    private boolean await(List<Shipment> shipments) {
        var failures = new ArrayList<Throwable>();
        for (var shipment : shipments) {
            try {
                shipment.safe().join();
                shipment.segment().set(shipment.block(), BlockWord.as(BlockWord.SHIPPED, shipment.word()));
                shipped.increment(BlockWord.count(shipment.word()));
            } catch (CompletionException e) {
                failures.add(e.getCause());
            }
        }
        tell(failures);
        return failures.isEmpty();
    }

    private void tell(List<Throwable> failures) {
        if (!failures.isEmpty() && !failing) {
            LOG.warnf("%d chunks wait in the journal, trying again: %s", (Object) failures.size(), failures.getFirst());
        }
        failing = !failures.isEmpty();
    }

    /** Steps over what is shipped, and gives back a segment in which nothing else is; how many uses are left. */
    private long tidy(Segment segment) {
        var last = segment.last();
        var end = Layout.block(last);
        var place = place(segment);
        var left = 0L;
        for (var block = place; block <= end; ) {
            var word = segment.word(block);
            var next = Layout.next(block, word);
            left += BlockWord.isUnshipped(word) ? BlockWord.count(word) : 0;
            // An open block without uses is behind all others: nothing is stepped over that may still get some.
            if (block == place && !BlockWord.isUnshipped(word) && BlockWord.mark(word) != BlockWord.OPEN) {
                place = next;
            }
            block = next;
        }
        places.put(segment, place);
        if (end != Layout.NO_BLOCK && Layout.isClosed(last) && place > end && !isStopped()) {
            places.remove(segment);
            pool.giveBack(segment);
        }
        return left;
    }

    private int place(Segment segment) {
        return places.getOrDefault(segment, Layout.FIRST_BLOCK);
    }

    private void refill() {
        try {
            pool.refill();
            full = false;
        } catch (IOException e) {
            if (!full) {
                LOG.warnf("The journal cannot grow: %s", e);
            }
            full = true;
        }
    }

    private boolean isStopped() {
        return stopping.getCount() == 0;
    }

    private boolean isStoppedWithin(Duration pause) {
        try {
            return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
