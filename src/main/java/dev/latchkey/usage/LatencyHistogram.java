package dev.latchkey.usage;

import java.util.Arrays;

/**
 * Reads the histograms of {@code usage_aggregates}. Bucket 0 holds latencies below the first bound; bucket n those from bound n-1
 * (included) to bound n (not); the last one all from 70 s on.
 */
final class LatencyHistogram {

    private static final int[] STEPS = {10, 15, 20, 30, 50, 70};
    private static final int DECADES = 6;

    private LatencyHistogram() {}

    /** In microseconds; the same as {@code usage_latency_bounds()} in the database, which a test compares. */
    static long[] bounds() {
        var bounds = new long[DECADES * STEPS.length];
        var decade = 10L;
        for (var i = 0; i < bounds.length; i++) {
            bounds[i] = STEPS[i % STEPS.length] * decade;
            decade *= i % STEPS.length == STEPS.length - 1 ? 10 : 1;
        }
        return bounds;
    }

    /**
     * The latency in microseconds that the given part of the calls did not exceed, by nearest rank; placed within its bucket as
     * if the bucket's calls lay evenly. Of the last bucket only the lower bound is known, and given.
     */
    static double percentile(long[] counts, double part) {
        var total = Arrays.stream(counts).sum();
        var rank = Math.max(1, (long) Math.ceil(total * part));
        var below = 0L;
        for (var bucket = 0; bucket < counts.length; bucket++) {
            if (below + counts[bucket] >= rank) {
                return within(bucket, (rank - below - 0.5) / counts[bucket]);
            }
            below += counts[bucket];
        }
        throw new IllegalArgumentException("An empty histogram has no percentile");
    }

    private static double within(int bucket, double part) {
        var bounds = bounds();
        var lower = bucket == 0 ? 0 : bounds[bucket - 1];
        var upper = bucket == bounds.length ? lower : bounds[bucket];
        return lower + part * (upper - lower);
    }
}
