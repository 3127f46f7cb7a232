/** Counts latencies in buckets that are less than one percent wide. */
final class Latencies {

    // 128 buckets for each doubling.
    private static final int BITS = 7;
    private static final int EACH = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) * EACH + EACH];
    private long total;

    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    void addAll(Latencies others) {
        for (var i = 0; i < counts.length; i++) {
            counts[i] += others.counts[i];
        }
        total += others.total;
    }

    /** That many milliseconds, or fewer, took the given share of all. */
    double millis(double share) {
        var wanted = (long) Math.ceil(share * total);
        var seen = 0L;
        for (var i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return last(i) / 1e6;
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        var shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - BITS - 1);
        return shift * EACH + (int) (nanos >>> shift);
    }

    /** The longest latency in the bucket. */
    private static long last(int bucket) {
        var shift = Math.max(0, bucket / EACH - 1);
        return ((bucket - (long) shift * EACH + 1) << shift) - 1;
    }
}
