package dev.latchkey.faults;

import dev.latchkey.api.Instance;
import dev.latchkey.faults.Caller.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Uses all tokens on all instances, above all those that were just revoked: makes calls with them, verifies them and passes gateways with
 * them, and judges each answer by the time at which its call began. Each token has one instance on which it is to be revoked.
 */
final class RevocationLoad implements AutoCloseable {

    private static final long A_SECOND = 1_000_000_000L;
    private static final int THREADS_PER_INSTANCE = 3;
    private static final int JUST_REVOKED = 25;
    private static final long NOT_YET = Long.MAX_VALUE;

    private final Caller caller = new Caller();
    private final Asker asker;
    private final List<Instance> instances;
    private final List<Token> tokens;
    private final AtomicLongArray revokedAt;
    private final AtomicInteger revoked = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    final AtomicLong accepted = new AtomicLong();
    final AtomicLong lateAtHome = new AtomicLong();
    final AtomicLong lateElsewhere = new AtomicLong();
    final AtomicLong leakedAtHome = new AtomicLong();
    final AtomicLong leakedElsewhere = new AtomicLong();

    RevocationLoad(Asker asker, List<Instance> instances, List<Token> tokens) {
        this.asker = asker;
        this.instances = instances;
        this.tokens = tokens;
        revokedAt = new AtomicLongArray(tokens.size());
        for (var i = 0; i < tokens.size(); i++) {
            revokedAt.set(i, NOT_YET);
        }
    }

    RevocationLoad start() {
        for (var instance = 0; instance < instances.size(); instance++) {
            for (var i = 0; i < THREADS_PER_INSTANCE; i++) {
                var number = instance;
                threads.add(Thread.ofPlatform().start(() -> callUntilTheEnd(number)));
            }
        }
        return this;
    }

    /** Revokes the next tokens, on all instances at once; each was used on every instance the moment before. */
    void revoke(int count, String session) throws InterruptedException, ExecutionException {
        var end = revoked.get() + count;
        try (var threads = Executors.newFixedThreadPool(instances.size())) {
            var revocations = new ArrayList<Callable<Void>>();
            for (var number = revoked.get(); number < end; number++) {
                var token = number;
                revocations.add(() -> revokeHotToken(token, session));
            }
            for (var done : threads.invokeAll(revocations)) {
                done.get();
            }
        }
    }

    private @Nullable Void revokeHotToken(int number, String session) throws IOException, InterruptedException {
        var token = tokens.get(number);
        for (var instance : instances) {
            var status = caller.use(instance.base(), token);
            if (status != 200) {
                throw new IOException("A token could not be used: " + status);
            }
            if (!asker.verify(instance.base(), token, 1).isValid()) {
                throw new IOException("A token was not verified");
            }
        }
        var status = caller.revoke(instances.get(home(number)).base(), session, token);
        if (status != 204) {
            throw new IOException("A token was not revoked: " + status);
        }
        revokedAt.set(number, System.nanoTime());
        revoked.incrementAndGet();
        return null;
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join();
        }
    }

    private int home(int token) {
        return token % instances.size();
    }

    private void callUntilTheEnd(int instance) {
        while (!stopping) {
            var token = next();
            var began = System.nanoTime();
            try {
                judge(instance, token, began, isAccepted(instances.get(instance).base(), tokens.get(token)));
            } catch (IOException e) {
                // No answer is no acceptance.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean isAccepted(String base, Token token) throws IOException, InterruptedException {
        return switch (ThreadLocalRandom.current().nextInt(3)) {
            case 0 -> caller.use(base, token) == 200;
            case 1 -> asker.verify(base, token, 1).isValid();
            default -> asker.forwardAuth(base, token).isValid();
        };
    }

    private void judge(int instance, int token, long began, boolean isAccepted) {
        var passed = revokedAt.get(token) == NOT_YET ? -1 : began - revokedAt.get(token);
        var isHome = home(token) == instance;
        accepted.addAndGet(isAccepted ? 1 : 0);
        if (isHome && passed > 0) {
            lateAtHome.incrementAndGet();
            leakedAtHome.addAndGet(isAccepted ? 1 : 0);
        }
        if (!isHome && passed > A_SECOND) {
            lateElsewhere.incrementAndGet();
            leakedElsewhere.addAndGet(isAccepted ? 1 : 0);
        }
    }

    // Half of the calls come with tokens just revoked, a quarter with such as were revoked some seconds ago, a quarter
    // with the next.
    private int next() {
        var random = ThreadLocalRandom.current();
        var end = revoked.get();
        return switch (random.nextInt(4)) {
            case 0, 1 -> Math.max(0, end - 1 - random.nextInt(JUST_REVOKED));
            case 2 -> Math.max(0, end - 1 - random.nextInt(8 * JUST_REVOKED));
            default -> Math.min(tokens.size() - 1, end + random.nextInt(JUST_REVOKED));
        };
    }
}
