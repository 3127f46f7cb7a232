package dev.latchkey.limit;

import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The headers of an answer with three windows. */
@State(Scope.Benchmark)
public class LimitHeadersBenchmark {

    private final LimitDecision decision = LimitDecision.of(
            List.of(
                    Window.minute(60).state(17, 1_500_000, 0),
                    Window.hour(1_000).state(170, 1_500_000, 0),
                    Window.day(10_000).state(1_700, 1_500_000, 0)),
            LimitDecision.DecidedBy.REDIS);

    @Benchmark
    public Map<String, String> threeWindows() {
        return LimitHeaders.of(decision);
    }
}
