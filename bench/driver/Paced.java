import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * A load of a constant rate, whatever the server does: each request has its moment, and its latency counts from that moment, also if it
 * had to wait for a connection. So a server that stands still is not asked less (no "coordinated omission"). One thread.
 *
 * @param perSecond the rate that was kept up
 */
record Paced(long answers, double perSecond, Latencies latencies) {

    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    // The timer's own delay: shorter pauses take as long.
    private static final long PAUSE = Duration.ofNanos(200_000).toNanos();

    /** @throws Failure if one answer was no success, or did not come */
    static Paced run(
            Program server, Requests requests, String success, double perSecond, Duration time, int connections)
            throws IOException {
        return run(
                server, requests, success, 1e9 / perSecond, (long) (perSecond * time.toMillis() / 1000), connections);
    }

    /** So many requests as fast as they are answered. */
    static Paced asFastAsItGoes(Program server, Requests requests, String success, long count, int connections)
            throws IOException {
        return run(server, requests, success, 0, count, connections);
    }

    private static Paced run(
            Program server, Requests requests, String success, double nanosBetween, long count, int connections)
            throws IOException {
        var latencies = new Latencies();
        var idle = new ArrayDeque<Line>();
        try (var selector = Selector.open()) {
            try {
                for (var i = 0; i < connections; i++) {
                    idle.add(Line.open(server.port(), success, selector));
                }
                var began = System.nanoTime();
                drive(selector, idle, requests, latencies, began, nanosBetween, count);
                return new Paced(count, count * 1e9 / (System.nanoTime() - began), latencies);
            } finally {
                for (var key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private static void drive(
            Selector selector,
            ArrayDeque<Line> idle,
            Requests requests,
            Latencies latencies,
            long began,
            double nanosBetween,
            long count)
            throws IOException {
        var sent = 0L;
        var answered = 0L;
        var heard = began;
        while (answered < count) {
            var now = System.nanoTime();
            while (sent < count && !idle.isEmpty() && began + (long) (sent * nanosBetween) <= now) {
                idle.poll().send(requests.at(sent), began + (long) (sent * nanosBetween));
                sent++;
            }
            selector.selectNow();
            var before = answered;
            for (var key : selector.selectedKeys()) {
                var line = (Line) key.attachment();
                if (line.isAnswered()) {
                    heard = System.nanoTime();
                    latencies.add(heard - line.due());
                    idle.add(line);
                    answered++;
                }
            }
            selector.selectedKeys().clear();
            if (answered == before) {
                if (sent > answered && now - heard > PATIENCE) {
                    throw new Failure("there was no answer for " + PATIENCE / 1_000_000 + " ms");
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
    }
}
