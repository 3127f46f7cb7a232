package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    @Property
    void aPercentileLiesInTheBucketOfTheExactOne(
            @ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = 80_000_000) Long> latencies,
            @ForAll @DoubleRange(min = 0.01, max = 1.0) double part) {
        var counts = new long[LatencyHistogram.bounds().length + 1];
        latencies.forEach(latency -> counts[bucket(latency)]++);
        var rank = Math.max(1, (int) Math.ceil(latencies.size() * part));
        var exact = latencies.stream().sorted().skip(rank - 1L).findFirst().orElseThrow();
        assertEquals(bucket(exact), bucket((long) LatencyHistogram.percentile(counts, part)));
    }

    @Test
    void theBucketsGrowByHalfAtMostTwofold() {
        var bounds = LatencyHistogram.bounds();
        assertEquals(100, bounds[0]);
        assertEquals(70_000_000, bounds[bounds.length - 1]);
        for (var i = 1; i < bounds.length; i++) {
            assertTrue(bounds[i] > bounds[i - 1] && bounds[i] <= 2 * bounds[i - 1], "bound " + i);
        }
    }

    private static int bucket(long latency) {
        var bucket = 0;
        for (var bound : LatencyHistogram.bounds()) {
            bucket += latency >= bound ? 1 : 0;
        }
        return bucket;
    }
}
