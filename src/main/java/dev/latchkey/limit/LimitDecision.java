package dev.latchkey.limit;

import static java.util.Comparator.comparingLong;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a {@link LimitRequest}.
 *
 * @param windows one state for each window that was asked for, in that order; none when nobody counted ({@code OPEN}, {@code CLOSED})
 */
public record LimitDecision(boolean allowed, List<WindowState> windows, DecidedBy decidedBy) {

    /** Who decided. */
    public enum DecidedBy {
        /** Redis, exactly and for all replicas. */
        REDIS,
        /** This replica alone, as Redis is away. */
        LOCAL,
        /** Nobody: Redis is away, and everything is admitted. */
        OPEN,
        /** Nobody: Redis is away, and everything is refused. This is 503 {@code unavailable}, and not 429. */
        CLOSED
    }

    public LimitDecision {
        windows = List.copyOf(windows);
    }

    /** Allowed if no window refused. */
    static LimitDecision of(List<WindowState> windows, DecidedBy decidedBy) {
        return new LimitDecision(windows.stream().noneMatch(WindowState::refused), windows, decidedBy);
    }

    /** The names of the windows that refused. */
    public List<String> violated() {
        return windows.stream()
                .filter(WindowState::refused)
                .map(WindowState::name)
                .toList();
    }

    /** After how many seconds the same cost is admitted, if nothing else is spent meanwhile: at least 1, and 0 if it was allowed. */
    public long retryAfterSeconds() {
        if (allowed) {
            return 0;
        }
        return Math.max(
                1, windows.stream().mapToLong(WindowState::waitSeconds).max().orElse(1));
    }

    /**
     * The window that will be exhausted first: the one with the fewest units left, and among equals the one that takes
     * longest to give one back. After a refusal it is one that refused, as every other has room for the cost.
     */
    public Optional<WindowState> closest() {
        return windows.stream()
                .min(comparingLong(WindowState::remaining)
                        .thenComparing(comparingLong(WindowState::resetSeconds).reversed()));
    }
}
