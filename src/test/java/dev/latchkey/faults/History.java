package dev.latchkey.faults;

import dev.latchkey.faults.Asker.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;

/**
 * All calls made with one token, and what must hold of them, whoever decided them in whatever order. Of a call is known only that it was
 * decided between its beginning and its end: a law counts as broken if no order of the decisions keeps it.
 */
final class History {

    static final String CREDITS = "credits";

    /** A sliding window: in any span of its length at most so many units. */
    record Window(String name, long limit, Duration length) {}

    /** Beginning and end are nanoseconds of one clock. */
    record Call(long began, long ended, long cost, Answer answer) {

        private boolean isAdmitted() {
            return answer.isValid();
        }
    }

    // Units are given back by cells, which are a sixtieth of a window long: up to so much late.
    private static final int CELLS = 60;

    // The clock of Redis may be slewed while ours is not.
    private static final long CLOCKS_DIFFER_NANOS = 20_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    private final List<Window> windows;
    private final Map<String, Long> granted;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /** @param granted the credits, under {@link #CREDITS}, if the token has any */
    History(List<Window> windows, Map<String, Long> granted) {
        this.windows = windows;
        this.granted = granted;
    }

    void add(Call call) {
        calls.add(call);
    }

    Collection<Call> calls() {
        return calls;
    }

    long admittedUnits() {
        return calls.stream().filter(Call::isAdmitted).mapToLong(Call::cost).sum();
    }

    /** What calls asked for that were not answered: who knows whether they got it. */
    long unansweredUnits() {
        return calls.stream()
                .filter(call -> call.answer() == Answer.NONE)
                .mapToLong(Call::cost)
                .sum();
    }

    /** Whether nothing is left: not even one unit was admitted any more. */
    boolean isUsedUp() {
        return calls.stream().anyMatch(call -> call.cost() == 1 && !call.isAdmitted() && call.answer() != Answer.NONE);
    }

    /** Each place where a law is broken, in words; a call that was not answered is one. */
    List<String> faults() {
        var faults = new ArrayList<String>();
        var admissions = new Admissions(calls);
        for (var window : windows) {
            for (var call : calls) {
                judge(window, call, admissions, faults);
            }
        }
        granted.values().forEach(credits -> calls.forEach(call -> judge(credits, call, admissions, faults)));
        for (var call : calls) {
            if (!call.isAdmitted() && !isExplained(call, admissions)) {
                faults.add("refused although everything would have admitted it: " + call);
            }
        }
        return faults;
    }

    private void judge(Window window, Call call, Admissions admissions, List<String> faults) {
        var length = window.length().toNanos();
        var together = admissions.surelyWithin(call.began() - 1, call.began() + length - CLOCKS_DIFFER_NANOS);
        if (together > window.limit()) {
            faults.add("%d units of %s in a span that begins with %s".formatted(together, window, call));
        }
        var told = call.answer().remaining().get(window.name());
        if (told != null) {
            var used = window.limit() - told;
            var atMost = admissions.possiblyWithin(call.began() - length - late(window), call.ended());
            var atLeast =
                    admissions.surelyWithin(call.ended() - length + CLOCKS_DIFFER_NANOS, call.began()) + own(call);
            if (used < atLeast || used > atMost) {
                faults.add("%d units of %s told, %d to %d are true: %s".formatted(used, window, atLeast, atMost, call));
            }
        }
    }

    private static void judge(long credits, Call call, Admissions admissions, List<String> faults) {
        var atMost = admissions.possiblyWithin(-NEVER, call.ended());
        var atLeast = admissions.surelyWithin(-NEVER, call.began()) + own(call);
        if (atLeast > credits) {
            faults.add("%d of %d credits spent with %s".formatted(atLeast, credits, call));
        }
        var told = call.answer().remaining().get(CREDITS);
        if (told != null && (credits - told < atLeast || credits - told > atMost)) {
            faults.add("%d credits told to be left, %d to %d are true: %s"
                    .formatted(told, credits - atMost, credits - atLeast, call));
        }
    }

    /** Whether each limit that is said to have refused the call may have done so; where none is said, whether one may. */
    private boolean isExplained(Call call, Admissions admissions) {
        return switch (call.answer().code()) {
            case "RATE_LIMITED" -> {
                var violated = call.answer().violated();
                var said = windows.stream()
                        .filter(window -> violated.contains(window.name()))
                        .toList();
                yield said.size() == violated.size()
                        && (violated.isEmpty()
                                ? windows.stream().anyMatch(window -> mayRefuse(window, call, admissions))
                                : said.stream().allMatch(window -> mayRefuse(window, call, admissions)));
            }
            case "USAGE_EXCEEDED" ->
                admissions.possiblyWithin(-NEVER, call.ended()) + call.cost() > granted.getOrDefault(CREDITS, NEVER);
            default -> false;
        };
    }

    private boolean mayRefuse(Window window, Call call, Admissions admissions) {
        var from = call.began() - window.length().toNanos() - late(window);
        return admissions.possiblyWithin(from, call.ended()) + call.cost() > window.limit();
    }

    private long late(Window window) {
        var shortest = windows.stream().map(Window::length).min(Comparator.naturalOrder());
        var cells = shortest.orElseThrow().equals(window.length())
                ? window.length()
                : window.length().plus(shortest.get());
        return cells.dividedBy(CELLS).toNanos() + CLOCKS_DIFFER_NANOS;
    }

    private static long own(Call call) {
        return call.isAdmitted() ? call.cost() : 0;
    }

    /** Units admitted by time. Spans are longer than any call takes. */
    private static final class Admissions {

        private final TreeMap<Long, Long> begun;
        private final TreeMap<Long, Long> ended;

        private Admissions(Collection<Call> calls) {
            var admitted = calls.stream().filter(Call::isAdmitted).toList();
            begun = sums(admitted, Call::began);
            ended = sums(admitted, Call::ended);
        }

        /** By calls that began after, and ended before. */
        private long surelyWithin(long after, long before) {
            return upTo(ended, before - 1) - upTo(begun, after);
        }

        /** By calls that did not end before, and did not begin after. */
        private long possiblyWithin(long from, long to) {
            return upTo(begun, to) - upTo(ended, from - 1);
        }

        private static long upTo(TreeMap<Long, Long> sums, long time) {
            var sum = sums.floorEntry(time);
            return sum == null ? 0 : sum.getValue();
        }

        private static TreeMap<Long, Long> sums(List<Call> admitted, ToLongFunction<Call> time) {
            var units = new TreeMap<Long, Long>();
            admitted.forEach(call -> units.merge(time.applyAsLong(call), call.cost(), Long::sum));
            var sum = 0L;
            for (var entry : units.entrySet()) {
                sum += entry.getValue();
                entry.setValue(sum);
            }
            return units;
        }
    }
}
