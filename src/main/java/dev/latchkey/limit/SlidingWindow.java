package dev.latchkey.limit;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The algorithm of {@code lua/limit.lua} for one window, as a plain object: the two take the same decisions. Times are microseconds from
 * any start. Not safe for use by several threads.
 */
final class SlidingWindow {

    /** A cell merges the admissions of this part of the length. */
    static final int CELLS_PER_WINDOW = 600;

    private record Cell(long units, long last) {}

    private final long length;
    private final Deque<Cell> closed = new ArrayDeque<>();
    private long closedUnits;
    private long first;
    private long last;
    private long units;
    private long shift;
    private long now;

    SlidingWindow(long lengthMicros) {
        this.length = lengthMicros;
    }

    /** Gives back what is due. A time before the last admission continues from there: nothing is given back early. */
    void moveTo(long clock) {
        if (used() > 0 && clock + shift < last) {
            shift = last - clock;
        }
        now = clock + shift;
        if (last + length <= now) {
            closed.clear();
            closedUnits = 0;
            units = 0;
            shift = 0;
            now = clock;
        }
        for (var cell = closed.peek(); cell != null && cell.last + length <= now; cell = closed.peek()) {
            closedUnits -= closed.remove().units;
        }
    }

    boolean fits(long limit, long cost) {
        return cost == 0 || used() + cost <= limit;
    }

    void admit(long cost) {
        if (units > 0 && now - first >= (double) length / CELLS_PER_WINDOW) {
            closed.add(new Cell(units, last));
            closedUnits += units;
            units = 0;
        }
        if (units == 0) {
            first = now;
        }
        units += cost;
        last = now;
    }

    long used() {
        return closedUnits + units;
    }

    /** Microseconds until the next unit is given back; 0 when none is in use. */
    long untilNextIsFree() {
        if (used() == 0) {
            return 0;
        }
        var oldest = closed.peek();
        return (oldest == null ? last : oldest.last) + length - now;
    }

    /** Microseconds until the cost is admitted; the length if it never is; 0 if it is now. */
    long untilFits(long limit, long cost) {
        if (fits(limit, cost)) {
            return 0;
        }
        if (cost > limit) {
            return length;
        }
        var missing = used() + cost - limit;
        for (var cell : closed) {
            missing -= cell.units;
            if (missing <= 0) {
                return cell.last + length - now;
            }
        }
        return last + length - now;
    }
}
