package dev.latchkey.lease;

/** How many units are asked for, by half seconds. For one thread; times are nanoseconds from any start. */
final class Demand {

    /** Of this many units in half a second, a lease pays. */
    static final long LEAST = 8;

    private static final long SPAN = 500_000_000;

    private long span = Long.MIN_VALUE;
    private long units;
    private long unitsBefore;

    void add(long cost, long now) {
        moveTo(now);
        units += cost;
    }

    /** Units in half a second, now or just before. */
    long recent(long now) {
        moveTo(now);
        return Math.max(units, unitsBefore);
    }

    private void moveTo(long now) {
        var present = Math.floorDiv(now, SPAN);
        if (present != span) {
            unitsBefore = present == span + 1 ? units : 0;
            units = 0;
            span = present;
        }
    }
}
