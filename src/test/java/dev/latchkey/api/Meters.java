package dev.latchkey.api;

import io.micrometer.core.instrument.Metrics;

/** The service's own counts, for tests of what it does and does not do behind an answer. */
final class Meters {

    private Meters() {}

    /** Over all tags but the given ones; 0 if nothing was counted yet. */
    static double count(String name, String... tags) {
        return Metrics.globalRegistry.find(name).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
