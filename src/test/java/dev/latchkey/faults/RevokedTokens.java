package dev.latchkey.faults;

import dev.latchkey.api.Instance;
import dev.latchkey.faults.Caller.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Tokens that were revoked a second ago or earlier, and are tried again and again on every instance. */
final class RevokedTokens implements AutoCloseable {

    private static final int THREADS_PER_INSTANCE = 2;

    private final Caller caller = new Caller();
    private final Asker asker;
    private final List<Instance> instances;
    private final String session;
    private final List<Token> tokens = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger tried = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean stopping;

    RevokedTokens(Asker asker, List<Instance> instances, String session) {
        this.asker = asker;
        this.instances = instances;
        this.session = session;
    }

    /** Some more, which every instance had in its cache the moment before. */
    void revokeMore(int count) throws IOException, InterruptedException {
        var more = new ArrayList<Token>();
        for (var i = 0; i < count; i++) {
            var base = instances.get(i % instances.size()).base();
            var token = caller.newToken(base, session, Map.of());
            for (var instance : instances) {
                if (!asker.verify(instance.base(), token, 1).isValid()) {
                    throw new IOException("A token was not verified");
                }
            }
            var status = caller.revoke(base, session, token);
            if (status != 204) {
                throw new IOException("A token was not revoked: " + status);
            }
            more.add(token);
        }
        Thread.sleep(1000);
        tokens.addAll(more);
    }

    RevokedTokens start() {
        for (var instance : instances) {
            for (var i = 0; i < THREADS_PER_INSTANCE; i++) {
                threads.add(Thread.ofPlatform().start(() -> tryUntilTheEnd(instance.base())));
            }
        }
        return this;
    }

    int tried() {
        return tried.get();
    }

    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join();
        }
    }

    private void tryUntilTheEnd(String base) {
        while (!stopping) {
            var random = ThreadLocalRandom.current();
            var token = tokens.get(random.nextInt(tokens.size()));
            try {
                var answer = random.nextBoolean() ? asker.verify(base, token, 1) : asker.forwardAuth(base, token);
                accepted.addAndGet(answer.isValid() ? 1 : 0);
                tried.incrementAndGet();
            } catch (IOException e) {
                // No answer is no acceptance.
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
