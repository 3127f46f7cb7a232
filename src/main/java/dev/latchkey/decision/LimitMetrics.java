package dev.latchkey.decision;

import dev.latchkey.limit.LimitDecision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code latchkey_limit_decisions_total} by outcome, who decided and the subject's kind, how long decisions take, and
 * {@code latchkey_limit_shadow_refusals_total} by policy.
 */
final class LimitMetrics {

    private static final int MOST_SERIES = 200;

    private record Series(boolean allowed, LimitDecision.DecidedBy decidedBy, String kind) {}

    private final MeterRegistry registry;
    private final Timer timer;
    private final Map<Series, Counter> decisions = new ConcurrentHashMap<>();

    LimitMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.timer = registry.timer("latchkey_limit_decision");
    }

    void record(LimitDecision decision, String kind, long nanos) {
        count(decision, kind);
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    void count(LimitDecision decision, String kind) {
        var series = new Series(decision.allowed(), decision.decidedBy(), kind);
        var counter = decisions.get(series);
        if (counter == null) {
            counter = decisions.size() < MOST_SERIES
                    ? decisions.computeIfAbsent(series, this::counter)
                    : counter(new Series(decision.allowed(), decision.decidedBy(), "other"));
        }
        counter.increment();
        // Few policies only watch: these are looked up anew.
        decision.shadowViolated().forEach(policy -> registry.counter("latchkey_limit_shadow_refusals", "policy", policy)
                .increment());
    }

    private Counter counter(Series series) {
        return registry.counter(
                "latchkey_limit_decisions",
                "outcome",
                series.allowed ? "allowed" : "refused",
                "decided_by",
                series.decidedBy.word(),
                "kind",
                series.kind);
    }
}
