package dev.latchkey.faults;

import dev.latchkey.faults.Caller.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Calls with one token at a steady pace, each call with a request id of its own, and remembers how each was answered. */
final class MeteredLoad implements AutoCloseable {

    private static final int THREADS = 6;
    private static final int PAUSE_MILLIS = 15;

    private final Caller caller = new Caller();
    private final List<Supplier<String>> bases;
    private final Token token;
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** @param bases where to call, asked at each call */
    MeteredLoad(List<Supplier<String>> bases, Token token) {
        this.bases = bases;
        this.token = token;
    }

    MeteredLoad start() {
        for (var i = 0; i < THREADS; i++) {
            var base = bases.get(i % bases.size());
            threads.add(Thread.ofPlatform().start(() -> callUntilTheEnd(base)));
        }
        return this;
    }

    /** Ends the load; every call has its answer, or will have none. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join();
        }
    }

    /** The status by request id of each call that was wholly answered. */
    Map<String, Integer> answers() {
        return answers;
    }

    /** The request ids of calls that got no answer, or not all of it. */
    Set<String> unanswered() {
        return unanswered;
    }

    private void callUntilTheEnd(Supplier<String> base) {
        while (!stopping) {
            var id = UUID.randomUUID().toString();
            try {
                answers.put(id, caller.use(base.get(), token, id));
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                unanswered.add(id);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
