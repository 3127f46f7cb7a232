package dev.latchkey.lease;

/** How often, and for how much, is asked, by half seconds. For one thread; times are nanoseconds from any start. */
final class Demand {

    /** Of this many calls in half a second, a lease pays. */
    static final long LEAST = 8;

    private static final long SPAN = 500_000_000;

    private long span = Long.MIN_VALUE;
    private long calls;
    private long units;
    private long callsBefore;
    private long unitsBefore;

    void add(long cost, long now) {
        moveTo(now);
        calls++;
        units += cost;
    }

    /** Whether there were calls enough in the whole half second before this one: a burst that has ended is no reason for a lease. */
    boolean isSteady(long now) {
        moveTo(now);
        return callsBefore >= LEAST;
    }

    /** Units in a second. */
    long perSecond(long now) {
        moveTo(now);
        return 2 * Math.max(units, unitsBefore);
    }

    private void moveTo(long now) {
        var present = Math.floorDiv(now, SPAN);
        if (present != span) {
            var follows = present == span + 1;
            callsBefore = follows ? calls : 0;
            unitsBefore = follows ? units : 0;
            calls = 0;
            units = 0;
            span = present;
        }
    }
}
