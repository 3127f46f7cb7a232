import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers with a connection each, which make the same call again and again: as soon as they have their answer, but no sooner than some time after they
 * made the last one. So a server that is asked for more than it gives always has them waiting, and never more of them. One thread.
 */
final class Throng {

    /** @param success how the body of each good answer begins */
    record Caller(Program server, byte[] request, String success) {}

    /** How many calls were answered: with success, and with the governor's refusal. */
    record Outcome(long granted, long refused) {

        static final Outcome NONE = new Outcome(0, 0);
    }

    private static final String REFUSAL = "The bot's turn for this call does not come in time";
    private static final long PATIENCE = Duration.ofSeconds(12).toNanos();
    private static final long PAUSE = Duration.ofNanos(200_000).toNanos();

    private final Map<Line, byte[]> requests = new IdentityHashMap<>();
    private final ArrayDeque<Line> idle = new ArrayDeque<>();
    private final Selector selector;
    private final long gap;
    private Outcome outcome = Outcome.NONE;

    private Throng(Selector selector, long gap) {
        this.selector = selector;
        this.gap = gap;
    }

    /**
     * Their first calls are spread over the gap, in the order of the list; all that was called is answered at the end.
     *
     * @param gap from a caller's call to its next one, at least
     * @throws Failure if an answer was neither a success nor the governor's refusal, or did not come
     */
    static Outcome run(List<Caller> callers, Duration gap, Duration time) throws IOException {
        try (var selector = Selector.open()) {
            var throng = new Throng(selector, gap.toNanos());
            try {
                throng.open(callers);
                throng.drive(System.nanoTime(), time.toNanos());
                return throng.outcome;
            } finally {
                for (var key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private void open(List<Caller> callers) throws IOException {
        for (var caller : callers) {
            var line = Line.open(caller.server().port(), caller.success(), REFUSAL, selector);
            requests.put(line, caller.request());
            idle.add(line);
        }
    }

    private void drive(long began, long time) throws IOException {
        var first = 0;
        for (var line : idle) {
            line.dueAt(began + gap * first++ / requests.size());
        }
        var heard = began;
        while (System.nanoTime() - began < time || idle.size() < requests.size()) {
            var now = System.nanoTime();
            if (now - began < time) {
                sendWhatIsDue(now);
            }
            if (listen()) {
                heard = now;
            } else if (now - heard > PATIENCE) {
                throw new Failure("there was no answer for " + PATIENCE / 1_000_000 + " ms");
            } else {
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    private void sendWhatIsDue(long now) throws IOException {
        for (var count = idle.size(); count > 0; count--) {
            var line = idle.poll();
            if (line.due() - now > 0) {
                idle.add(line);
            } else {
                line.send(requests.get(line), now);
            }
        }
    }

    /** Whether there was an answer. */
    private boolean listen() throws IOException {
        selector.selectNow();
        var before = outcome;
        for (var key : selector.selectedKeys()) {
            answered(key);
        }
        selector.selectedKeys().clear();
        return outcome != before;
    }

    private void answered(SelectionKey key) throws IOException {
        var line = (Line) key.attachment();
        if (!line.isAnswered()) {
            return;
        }
        outcome = line.isRefused()
                ? new Outcome(outcome.granted, outcome.refused + 1)
                : new Outcome(outcome.granted + 1, outcome.refused);
        line.dueAt(line.due() + gap);
        idle.add(line);
    }
}
