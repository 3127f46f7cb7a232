package dev.latchkey.botcall;

import dev.latchkey.governor.Tally;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a bot's calls came to.
 *
 * @param from the first day that is looked at (UTC)
 * @param byMethod most calls first
 * @param byDay newest first
 */
record StatisticsView(
        LocalDate from,
        LocalDate to,
        long calls,
        long errors,
        long rateLimited,
        long averageLatencyMs,
        long maxLatencyMs,
        List<OfMethod> byMethod,
        List<OfDay> byDay) {

    record OfMethod(
            String method, long calls, long errors, long rateLimited, long averageLatencyMs, long maxLatencyMs) {}

    record OfDay(LocalDate day, long calls, long errors, long rateLimited, long averageLatencyMs, long maxLatencyMs) {}

    private record Sum(long calls, long errors, long limited, long micros, long longest) {

        static Sum of(Collection<Tally.Day> days) {
            return days.stream()
                    .map(day -> new Sum(day.calls(), day.errors(), day.limited(), day.micros(), day.longest()))
                    .reduce(new Sum(0, 0, 0, 0, 0), Sum::plus);
        }

        private Sum plus(Sum other) {
            return new Sum(
                    calls + other.calls,
                    errors + other.errors,
                    limited + other.limited,
                    micros + other.micros,
                    Math.max(longest, other.longest));
        }

        long averageMs() {
            return calls == 0 ? 0 : micros / calls / 1000;
        }

        long longestMs() {
            return longest / 1000;
        }
    }

    static StatisticsView of(LocalDate from, LocalDate to, List<Tally.Day> days) {
        var all = Sum.of(days);
        var methods = grouped(days, Tally.Day::method);
        var byDay = grouped(days, Tally.Day::day);
        return new StatisticsView(
                from,
                to,
                all.calls,
                all.errors,
                all.limited,
                all.averageMs(),
                all.longestMs(),
                methods.entrySet().stream()
                        .map(one -> ofMethod(one.getKey(), one.getValue()))
                        .sorted((one, other) -> Long.compare(other.calls, one.calls))
                        .toList(),
                byDay.entrySet().stream()
                        .map(one -> ofDay(one.getKey(), one.getValue()))
                        .toList());
    }

    private static <K> LinkedHashMap<K, Sum> grouped(List<Tally.Day> days, Function<Tally.Day, K> key) {
        return days.stream()
                .collect(Collectors.groupingBy(
                        key, LinkedHashMap::new, Collectors.collectingAndThen(Collectors.toList(), Sum::of)));
    }

    private static OfMethod ofMethod(String method, Sum sum) {
        return new OfMethod(method, sum.calls, sum.errors, sum.limited, sum.averageMs(), sum.longestMs());
    }

    private static OfDay ofDay(LocalDate day, Sum sum) {
        return new OfDay(day, sum.calls, sum.errors, sum.limited, sum.averageMs(), sum.longestMs());
    }
}
