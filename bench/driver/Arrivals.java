import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * When calls arrived at the stand-in for Telegram, in nanoseconds.
 *
 * @param times of each bot, by its number, in their order
 */
record Arrivals(Map<Long, long[]> times) {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    static void forget(Program standIn) throws IOException, InterruptedException {
        Http.text("DELETE", standIn.base() + "/arrivals", "", "");
    }

    /** Those that were not forgotten. */
    static Arrivals of(Program standIn) throws IOException, InterruptedException {
        var times = new HashMap<Long, long[]>();
        Http.text("GET", standIn.base() + "/arrivals", "", "").lines().forEach(line -> {
            var numbers =
                    Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
            times.put(numbers[0], Arrays.copyOfRange(numbers, 1, numbers.length));
        });
        return new Arrivals(times);
    }

    /** @throws Failure unless each call that was answered is here, and none besides */
    void requireAll(long answered) {
        var seen = times.values().stream().mapToLong(each -> each.length).sum();
        if (seen != answered) {
            throw new Failure("of " + answered + " calls that were answered Telegram has seen " + seen);
        }
    }

    /** Of any bot, in any second, wherever it begins. */
    int mostInASecond() {
        var most = 0;
        for (var each : times.values()) {
            var first = 0;
            for (var last = 0; last < each.length; last++) {
                while (each[last] - each[first] >= SECOND) {
                    first++;
                }
                most = Math.max(most, last - first + 1);
            }
        }
        return most;
    }

    /** Calls of each of the bots in a second, between two moments after the first call of all. */
    Collection<Double> rates(Collection<Long> bots, Duration from, Duration to) {
        var first = times.values().stream()
                .mapToLong(each -> each[0])
                .min()
                .orElseThrow(() -> new Failure("no call arrived"));
        return bots.stream()
                .map(bot -> Arrays.stream(times.getOrDefault(bot, new long[0]))
                                .filter(time -> time - first >= from.toNanos() && time - first < to.toNanos())
                                .count()
                        * (double) SECOND
                        / to.minus(from).toNanos())
                .toList();
    }
}
