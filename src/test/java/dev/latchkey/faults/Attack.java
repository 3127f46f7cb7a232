package dev.latchkey.faults;

import dev.latchkey.api.Instance;
import dev.latchkey.faults.Asker.Answer;
import dev.latchkey.faults.Caller.Token;
import dev.latchkey.faults.History.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** Asks all instances at once about some tokens, each time for another cost and in another way, and writes down what was answered when. */
final class Attack {

    /** @param mustBeUsedUp whether the attack goes on until nothing is left of it */
    record Target(Token token, History history, boolean mustBeUsedUp) {

        private boolean isDone() {
            return !mustBeUsedUp || history.isUsedUp();
        }
    }

    private static final int THREADS_PER_INSTANCE = 4;
    private static final int MOST_COST = 7;
    private static final Duration MOST = Duration.ofMinutes(5);

    private final Asker asker;
    private final List<Instance> instances;
    private final List<Target> targets;

    Attack(Asker asker, List<Instance> instances, List<Target> targets) {
        this.asker = asker;
        this.instances = instances;
        this.targets = targets;
    }

    /** For so long at least, and until what must be used up is. Fails with a call that got no good answer. */
    void run(Duration atLeast) throws InterruptedException, ExecutionException {
        var began = System.nanoTime();
        var calls = new ArrayList<Callable<Void>>();
        for (var instance : instances) {
            for (var i = 0; i < THREADS_PER_INSTANCE; i++) {
                calls.add(() -> {
                    while (!isOver(System.nanoTime() - began, atLeast)) {
                        call(instance.base());
                    }
                    return null;
                });
            }
        }
        try (var threads = Executors.newFixedThreadPool(calls.size())) {
            for (var done : threads.invokeAll(calls)) {
                done.get();
            }
        }
    }

    private boolean isOver(long nanos, Duration atLeast) {
        return nanos > MOST.toNanos()
                || nanos > atLeast.toNanos() && targets.stream().allMatch(Target::isDone);
    }

    private void call(String base) throws IOException, InterruptedException {
        var random = ThreadLocalRandom.current();
        var target = targets.get(random.nextInt(targets.size()));
        var costs = random.longs(random.nextInt(1, 6), 0, MOST_COST + 1).boxed().toList();
        var began = System.nanoTime();
        switch (random.nextInt(8)) {
            case 0 ->
                record(target, began, costs, asker.verify(base, target.token(), costs));
            case 1, 2 ->
                record(target, began, List.of(1L), List.of(asker.forwardAuth(base, target.token())));
            default ->
                record(
                        target,
                        began,
                        List.of(costs.getFirst()),
                        List.of(asker.verify(base, target.token(), costs.getFirst())));
        }
    }

    private static void record(Target target, long began, List<Long> costs, List<Answer> answers) {
        var ended = System.nanoTime();
        for (var i = 0; i < costs.size(); i++) {
            target.history().add(new Call(began, ended, costs.get(i), answers.get(i)));
        }
    }
}
