package dev.latchkey.journal;

import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.DecidedChunk;
import dev.latchkey.platform.id.Uuid7;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Ships what processes that are gone left in their folders, under the ids that it has, and removes it. What cannot be shipped is set aside, and told. */
final class Leftovers {

    static final String ASIDE = "aside";
    static final String CORRUPT = ".corrupt";
    static final String OLD = ".old";

    private static final Logger LOG = Logger.getLogger(Leftovers.class);
    private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path root;
    private final Path own;
    private final Function<byte[], Uni<Void>> destination;
    private final Duration youngerThan;
    private final Counter recovered;
    private final Counter setAside;

    /** @param youngerThan for less long than it is remembered which chunks were counted: an older one might be counted twice */
    Leftovers(Path own, Function<byte[], Uni<Void>> destination, Duration youngerThan, MeterRegistry metrics) {
        this.root = own.resolveSibling("");
        this.own = own;
        this.destination = destination;
        this.youngerThan = youngerThan;
        this.recovered = metrics.counter("latchkey_journal_recovered_uses_total");
        this.setAside = metrics.counter("latchkey_journal_set_aside_total");
    }

    /** Ships what there is now; what cannot be shipped yet is for the next call. */
    void ship() {
        try (var folders = Files.list(root)) {
            folders.filter(folder ->
                            FOLDER.matcher(folder.getFileName().toString()).matches())
                    .filter(folder -> !folder.equals(own) && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                    .forEach(this::ship);
        } catch (IOException e) {
            LOG.warnf("What other processes left in the journal cannot be looked for: %s", e);
        }
    }

    private void ship(Path path) {
        try {
            var taken = JournalFolder.take(path);
            if (taken.isPresent()) {
                try (var folder = taken.get()) {
                    ship(folder);
                }
            }
        } catch (IOException e) {
            LOG.warnf("What another process left in the journal, in %s, cannot be shipped now: %s", path, e);
        }
    }

    private void ship(JournalFolder folder) throws IOException {
        var uses = 0;
        for (var file : folder.files()) {
            var name = file.getFileName().toString();
            if (name.endsWith(Segment.DRAFT_END)) {
                Files.delete(file);
            } else if (name.endsWith(Segment.END) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                uses += shipSegment(folder, file);
            } else {
                setAside(folder, file, CORRUPT, "It is no segment");
            }
        }
        folder.remove();
        LOG.infof("%d uses that another process left in the journal were shipped", (Object) uses);
    }

    private int shipSegment(JournalFolder folder, Path file) throws IOException {
        var remains = Remains.read(file);
        var ready = new ArrayList<byte[]>();
        var old = 0;
        var unreadable = 0;
        for (var chunk : remains.chunks()) {
            switch (judge(chunk)) {
                case READY -> ready.add(chunk);
                case OLD -> old++;
                case UNREADABLE -> unreadable++;
            }
        }
        var uses = record(ready);
        if (remains.isDamaged() || unreadable > 0) {
            setAside(folder, file, CORRUPT, "It is damaged; %d chunks of it were shipped".formatted(ready.size()));
        } else if (old > 0) {
            setAside(folder, file, OLD, "%d of its chunks are too old to be counted for sure once".formatted(old));
        } else {
            Files.delete(file);
        }
        return uses;
    }

    private enum Judgement {
        READY,
        OLD,
        UNREADABLE
    }

    private Judgement judge(byte[] bytes) {
        try {
            var chunk = DecidedChunk.of(ChunkCodec.decode(bytes)).chunk();
            var isOld = Uuid7.timeOf(chunk.id()).isBefore(Instant.now().minus(youngerThan));
            return isOld ? Judgement.OLD : Judgement.READY;
        } catch (IllegalArgumentException e) {
            return Judgement.UNREADABLE;
        }
    }

    /** @throws IOException if one is not safe yet */
    private int record(List<byte[]> chunks) throws IOException {
        var ways = chunks.stream()
                .map(chunk -> destination.apply(chunk).subscribeAsCompletionStage())
                .toList();
        try {
            ways.forEach(way -> way.join());
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
        var uses = chunks.stream().mapToInt(ChunkCodec::count).sum();
        recovered.increment(uses);
        return uses;
    }

    private void setAside(JournalFolder folder, Path file, String why, String reason) throws IOException {
        var aside = JournalFolder.forOwner(root.resolve(ASIDE));
        var name = folder.path().getFileName() + "-" + file.getFileName() + why;
        Files.move(file, aside.resolve(name));
        setAside.increment();
        LOG.errorf("The journal set %s aside. %s", name, reason);
    }
}
