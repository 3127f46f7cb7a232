package dev.latchkey.journal;

import dev.latchkey.chunk.SampleUses;
import dev.latchkey.chunk.Use;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The parts of a journal, which ship when the test says so. */
final class SampleJournal {

    static final Duration YOUNG = Duration.ofDays(6);

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final SampleUses OWNER = SampleUses.ofNewCredential();

    final JournalFolder folder;
    final SegmentPool pool;
    final Shipper shipper;
    final MeterRegistry metrics = new SimpleMeterRegistry();

    SampleJournal(Path root, int segments, Function<byte[], Uni<Void>> destination) throws IOException {
        folder = JournalFolder.create(root);
        pool = new SegmentPool(folder.path(), segments);
        pool.refill();
        shipper = new Shipper(pool, destination, metrics.counter("uses"));
    }

    JournalWriter writer() {
        return new JournalWriter(pool);
    }

    /** As a process that is gone leaves it. */
    Path abandon() throws IOException {
        folder.close();
        return folder.path();
    }

    /** Each is told from the others by its latency. */
    static Use use(int number) {
        return OWNER.with(NOON.plusMillis(number), 200, "/api/v1/verify", number, List.of());
    }

    static Use random(Random random, int number) {
        var owner = random.nextInt(4) == 0 ? SampleUses.ofNewCredential() : OWNER;
        var tags = IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> "tag-\u00e9\ud83d\ude00" + random.nextInt(2000) + "x".repeat(random.nextInt(200)))
                .toList();
        return owner.with(NOON.plusMillis(random.nextInt(100_000)), 100 + random.nextInt(500), "/a", number, tags);
    }

    /** Ships what processes that are gone left below this folder. */
    static void recover(Path root, Function<byte[], Uni<Void>> destination, Duration youngerThan) {
        var own = root.resolve("own");
        new Leftovers(own, destination, youngerThan, new SimpleMeterRegistry()).ship();
    }
}
