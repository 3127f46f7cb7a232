package dev.latchkey.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Windows counted in this process, for as long as Redis is away. Bounded: under pressure the least used subjects start anew. */
final class LocalWindows {

    private final LongSupplier micros;
    private final Cache<String, Subject> subjects;

    LocalWindows(long mostSubjects, LongSupplier micros) {
        this.micros = micros;
        this.subjects = Caffeine.newBuilder()
                .maximumSize(mostSubjects)
                .expireAfter(Expiry.accessing((String name, Subject subject) -> subject.longest))
                .build();
    }

    LimitDecision decide(LimitRequest request) {
        return subjects.get(request.subject(), name -> new Subject()).decide(request, micros.getAsLong());
    }

    private static final class Subject {

        private final Map<String, SlidingWindow> windows = new HashMap<>();
        private volatile Duration longest = Duration.ofDays(1);

        synchronized LimitDecision decide(LimitRequest request, long now) {
            var asked = new ArrayList<SlidingWindow>();
            for (var window : request.windows()) {
                var counted = windows.computeIfAbsent(window.id(), id -> new SlidingWindow(window.lengthMicros()));
                counted.moveTo(now);
                asked.add(counted);
                longest = window.length().compareTo(longest) > 0 ? window.length() : longest;
            }
            return decide(request, asked);
        }

        private static LimitDecision decide(LimitRequest request, ArrayList<SlidingWindow> counted) {
            var windows = request.windows();
            var cost = request.cost();
            var waits = new long[windows.size()];
            var admitted = true;
            for (var i = 0; i < waits.length; i++) {
                waits[i] = counted.get(i).untilFits(windows.get(i).limit(), cost);
                admitted &= waits[i] == 0;
            }
            var states = new ArrayList<WindowState>();
            for (var i = 0; i < waits.length; i++) {
                var window = counted.get(i);
                if (admitted && cost > 0) {
                    window.admit(cost);
                }
                states.add(windows.get(i).state(window.used(), window.untilNextIsFree(), waits[i]));
            }
            return LimitDecision.of(states, DecidedBy.LOCAL);
        }
    }
}
