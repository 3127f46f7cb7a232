package dev.latchkey.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.latchkey.audit.AuditRow.Linked;
import dev.latchkey.audit.Checkpoints.Checkpoint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a verification found.
 *
 * @param chain the tenant's id, or the nil UUID for the installation's own chain
 * @param checked how many rows were found intact
 * @param firstPosition of the rows looked at; null if there is none
 * @param lastPosition of the last intact row; null if there is none
 * @param headHash of that row, in hexadecimal digits
 * @param checkpoint signed now over that row if all is well from the first row on; null if all is well from a later one on; else the last genuine one
 *     that was kept
 * @param problem the first one, by position
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Verdict(
        UUID chain,
        boolean valid,
        long checked,
        @Nullable Long firstPosition,
        @Nullable Long lastPosition,
        @Nullable String headHash,
        Checkpoint.@Nullable View checkpoint,
        @Nullable Finding problem) {

    /**
     * What is wrong.
     *
     * @param position the first place where the chain is not what it was
     * @param id of the row that stands there, if one does
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Finding(Kind kind, long position, @Nullable UUID id, String detail) {

        static Optional<Finding> at(Kind kind, Linked row, String detail) {
            return Optional.of(new Finding(kind, row.position(), row.row().id(), detail));
        }

        static Finding truncated(long last, String detail) {
            return new Finding(Kind.TRUNCATED, last + 1, null, detail);
        }

        static Finding forged(Checkpoint checkpoint) {
            var position = checkpoint.head().position();
            return new Finding(Kind.CHECKPOINT_INVALID, position, null, "The signature of the checkpoint is not ours");
        }
    }

    /**
     * What a walk found that went on behind each break.
     *
     * @param verdict with the first finding
     * @param findings the first ones
     * @param problems how many there are
     */
    record Whole(Verdict verdict, List<Finding> findings, long problems) {}

    /** The ways in which a chain breaks. */
    public enum Kind {
        /** Some column of the row is not what was written. */
        CHANGED,
        /** No row stands here, and later ones do. */
        MISSING,
        /** A row stands here that was not written here, and the right one stands elsewhere. */
        REORDERED,
        /** Two rows stand here. */
        DUPLICATED,
        /** The chain ends here, and once went on. */
        TRUNCATED,
        /** The end of the chain was lost here; the service went on behind it. */
        RESTARTED,
        /** The rows are intact, and the record of where they end is not ours, or that of another time. */
        HEAD_INVALID,
        /** A checkpoint here was not signed by us. */
        CHECKPOINT_INVALID,
        /** The row is intact, and another one than a checkpoint tells of. */
        CHECKPOINT_MISMATCH;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
