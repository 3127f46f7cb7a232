package dev.latchkey.decision;

import java.util.ArrayDeque;
import java.util.Deque;

/** The closed cells of one window: what the script keeps in a state and a list. Times are microseconds from any start. */
final class CellWindow {

    /** A cell merges the admissions of this part of the length. */
    static final int CELLS_PER_WINDOW = 60;

    private record Cell(long units, long last) {}

    final long length;
    private final Deque<Cell> list = new ArrayDeque<>();
    // The youngest closed cell, which may still take in others.
    private long first;
    private long last;
    private long units;
    private long closed;

    CellWindow(long length) {
        this.length = length;
    }

    long closed() {
        return closed;
    }

    void clear() {
        list.clear();
        units = 0;
        closed = 0;
    }

    void dropExpired(long now) {
        for (var cell = list.peek(); cell != null && cell.last + length <= now; cell = list.peek()) {
            closed -= list.remove().units;
        }
        if (closed > 0 && last + length <= now) {
            clear();
        }
    }

    /** Takes in a cell that closes. */
    void fold(long cellFirst, long cellLast, long cellUnits, long now) {
        if (cellLast + length <= now) {
            return;
        }
        if (closed == 0) {
            clear();
            first = cellFirst;
            last = 0;
        } else if (units > 0 && cellFirst - first >= (double) length / CELLS_PER_WINDOW) {
            list.add(new Cell(units, last));
            units = 0;
            first = cellFirst;
        }
        last = Math.max(last, cellLast);
        units += cellUnits;
        closed += cellUnits;
    }

    /** When the oldest closed cell is given back; only if there is one. */
    long oldestEnds() {
        var oldest = list.peek();
        return (oldest == null ? last : oldest.last) + length;
    }

    /** When so many units of closed cells will have been given back; negative, by as many as are missing, if there are fewer. */
    long endsOf(long missing) {
        var left = missing;
        for (var cell : list) {
            left -= cell.units;
            if (left <= 0) {
                return cell.last + length;
            }
        }
        left -= closed > 0 ? units : 0;
        return left <= 0 ? last + length : -left;
    }
}
