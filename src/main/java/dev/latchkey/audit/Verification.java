package dev.latchkey.audit;

import dev.latchkey.audit.AuditRow.Linked;
import dev.latchkey.audit.AuditRows.Extent;
import dev.latchkey.audit.Checkpoints.Checkpoint;
import dev.latchkey.audit.Verdict.Finding;
import dev.latchkey.audit.Verdict.Kind;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks along a chain and finds where it is not what was written. Reads page by page, and holds no connection in between. */
@ApplicationScoped
class Verification {

    // Each of them looks ahead for the row that is gone; those behind are counted.
    private static final int FINDINGS_MOST = 20;

    private final AuditRows rows;
    private final Checkpoints checkpoints;
    private final ChainKeys keys;

    Verification(AuditRows rows, Checkpoints checkpoints, ChainKeys keys) {
        this.rows = rows;
        this.checkpoints = checkpoints;
        this.keys = keys;
    }

    /**
     * Walks from the position to the end, or to the first break.
     *
     * @param from 1 for the whole chain; the row before it is taken for right
     * @param kept what a checkpoint told that was kept outside, at {@code from} or later
     * @throws Problem {@code validation_failed} for a position beyond the end
     */
    Verdict verify(UUID id, long from, Optional<ChainHead> kept) {
        var walk = new Walk(id, kept, false);
        go(walk, from, page -> {});
        return verdict(walk, from);
    }

    /**
     * Walks along all rows there are. Behind a break it goes on from the row that stands there, taken for right: else whoever broke a chain once
     * could change what comes later, and nobody would know.
     *
     * @param seen is given each page, whatever is wrong with it
     */
    Verdict.Whole whole(UUID id, Consumer<List<Linked>> seen) {
        var walk = new Walk(id, Optional.empty(), true);
        go(walk, 1, seen);
        return new Verdict.Whole(verdict(walk, 1), List.copyOf(walk.findings), walk.problems);
    }

    private void go(Walk walk, long from, Consumer<List<Linked>> seen) {
        var extent = rows.extent(walk.chain);
        begin(walk, from, extent).ifPresent(walk::tell);
        while (!walk.isOver() && walk.position < extent.last()) {
            var page = page(walk, extent.last());
            if (page.isEmpty()) {
                break;
            }
            seen.accept(page);
            walk.along(page);
        }
        if (!walk.isOver()) {
            end(walk, extent).ifPresent(walk::tell);
        }
    }

    private Optional<Finding> begin(Walk walk, long from, Extent extent) {
        if (from == 1) {
            return Optional.empty();
        }
        if (from > extent.last()) {
            throw Problem.invalidField("from_position", "must be at most " + extent.last() + ", the last position");
        }
        var before = rows.oldest(walk.chain, from - 2, null, from - 1);
        if (before.isEmpty()) {
            return Optional.of(new Finding(Kind.MISSING, from - 1, null, "There is no row here to begin from"));
        }
        walk.position = from - 1;
        walk.hash = before.getFirst().hash();
        return Optional.empty();
    }

    private List<Linked> page(Walk walk, long to) {
        var page = rows.oldest(walk.chain, walk.position, walk.id, to);
        if (!page.isEmpty()) {
            walk.signed = checkpoints.between(
                    walk.chain, walk.position, page.getLast().position());
        }
        return page;
    }

    /** What must hold where the rows end. */
    private Optional<Finding> end(Walk walk, Extent extent) {
        var last = walk.position;
        if (extent.isEmpty() && walk.kept.isEmpty()) {
            return extent.emptied()
                    ? Optional.of(Finding.truncated(0, "The tenant has users, and all their acts are gone"))
                    : Optional.empty();
        }
        if (extent.lastCheckpoint() > last) {
            return checkpoints
                    .latest(walk.chain)
                    .map(latest -> latest.isGenuine(keys)
                            ? Finding.truncated(
                                    last,
                                    "A signed checkpoint tells of a row "
                                            + latest.head().position())
                            : Finding.forged(latest));
        }
        if (walk.kept.isPresent() && walk.kept.get().position() > last) {
            return Optional.of(Finding.truncated(
                    last,
                    "The checkpoint that was kept tells of a row "
                            + walk.kept.get().position()));
        }
        if (extent.head().isEmpty()) {
            return Optional.of(walk.headInvalid("The record of where the chain ends is missing or not ours"));
        }
        if (extent.headPosition() > last) {
            return Optional.of(Finding.truncated(last, "The chain had " + extent.headPosition() + " rows"));
        }
        return extent.headPosition() < last
                        || !Arrays.equals(walk.hash, extent.head().get().hash())
                ? Optional.of(walk.headInvalid("The rows go on after the end of row " + extent.headPosition()))
                : Optional.empty();
    }

    private Verdict verdict(Walk walk, long from) {
        var checkpoint = walk.problems == 0
                ? signed(walk, from)
                : checkpoints.latest(walk.chain).filter(known -> known.isGenuine(keys));
        return new Verdict(
                walk.chain,
                walk.problems == 0,
                walk.checked,
                walk.checked == 0 ? null : from,
                walk.checked == 0 ? null : walk.position,
                walk.checked == 0 ? null : HexFormat.of().formatHex(walk.hash),
                checkpoint.map(known -> known.view(keys)).orElse(null),
                walk.findings.isEmpty() ? null : walk.findings.getFirst());
    }

    // It vouches for all rows up to the end, so all of them must have been looked at.
    private Optional<Checkpoint> signed(Walk walk, long from) {
        return from == 1 && walk.position > 0
                ? Optional.of(checkpoints.sign(new ChainHead(walk.chain, walk.position, walk.hash)))
                : Optional.empty();
    }

    /** One walk: how far it has come. */
    private final class Walk {

        private final UUID chain;
        private final Optional<ChainHead> kept;
        private final boolean goesOn;
        private final List<Finding> findings = new ArrayList<>();
        private long problems;
        private List<Checkpoint> signed = List.of();
        private long position;
        private byte[] hash;
        private @Nullable UUID id;
        private long checked;

        private Walk(UUID chain, Optional<ChainHead> kept, boolean goesOn) {
            this.chain = chain;
            this.kept = kept;
            this.goesOn = goesOn;
            this.hash = ChainHead.beginning(chain).hash();
        }

        private boolean isOver() {
            return !goesOn && problems > 0;
        }

        private void tell(Finding finding) {
            problems++;
            if (findings.size() < FINDINGS_MOST) {
                findings.add(finding);
            }
        }

        private void along(List<Linked> page) {
            for (var row : page) {
                step(row).ifPresent(this::tell);
                if (isOver()) {
                    return;
                }
                if (row.position() > position) {
                    position = row.position();
                    hash = row.hash();
                }
                id = row.row().id();
            }
        }

        private Optional<Finding> step(Linked row) {
            if (row.position() == position) {
                return Finding.at(Kind.DUPLICATED, row, "Two rows stand here");
            }
            if (row.position() > position + 1 || !row.isIntactAfter(hash, keys)) {
                return Optional.of(
                        rows.broken(row, new ChainHead(chain, position, hash), problems < FINDINGS_MOST, keys));
            }
            position = row.position();
            hash = row.hash();
            id = row.row().id();
            checked++;
            return row.row().action().equals(Chain.RESTARTED)
                    ? Finding.at(
                            Kind.RESTARTED,
                            row,
                            "The end of the chain was lost here: " + row.row().details())
                    : compared(row);
        }

        private Optional<Finding> compared(Linked row) {
            for (var checkpoint : signed) {
                if (checkpoint.head().position() == position) {
                    if (!checkpoint.isGenuine(keys)) {
                        return Optional.of(Finding.forged(checkpoint));
                    }
                    if (!Arrays.equals(checkpoint.head().hash(), hash)) {
                        return Finding.at(
                                Kind.CHECKPOINT_MISMATCH, row, "A signed checkpoint tells of another row here");
                    }
                }
            }
            return kept.filter(known -> known.position() == position && !Arrays.equals(known.hash(), hash))
                    .flatMap(known -> Finding.at(
                            Kind.CHECKPOINT_MISMATCH, row, "The checkpoint that was kept tells of another row here"));
        }

        private Finding headInvalid(String detail) {
            return new Finding(Kind.HEAD_INVALID, position, id, detail);
        }
    }
}
