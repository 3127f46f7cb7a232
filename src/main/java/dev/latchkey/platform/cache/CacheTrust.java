package dev.latchkey.platform.cache;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Whether this replica has heard of every change up to now, give or take a moment. */
@ApplicationScoped
class CacheTrust {

    /** How long silence is taken for calm. Outbox and stream are read anew at least three times in this span. */
    static final Duration LONGEST_SILENCE = Duration.ofMillis(750);

    private volatile long heardNanos;
    private volatile boolean given;

    CacheTrust(MeterRegistry metrics) {
        metrics.gauge("latchkey_near_cache_trusted", this, trust -> trust.isGiven() ? 1 : 0);
    }

    boolean isGiven() {
        return given && System.nanoTime() - heardNanos < LONGEST_SILENCE.toNanos();
    }

    /** @param askedNanos when the question was sent whose answer came now: what changed after it may be unknown */
    void heard(long askedNanos) {
        heardNanos = askedNanos;
        given = true;
    }

    void lost() {
        given = false;
    }
}
