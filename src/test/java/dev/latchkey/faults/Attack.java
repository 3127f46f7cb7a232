package dev.latchkey.faults;

import dev.latchkey.api.Instance;
import dev.latchkey.faults.Asker.Answer;
import dev.latchkey.faults.Caller.Token;
import dev.latchkey.faults.History.Call;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Asks all instances at once about some tokens, for any cost and in any way, and writes down what was answered when, if it was. */
final class Attack {

    /**
     * @param mostCost that is asked for at once
     * @param mustBeUsedUp whether the attack goes on until nothing is left of it
     */
    record Target(Token token, History history, long mostCost, boolean mustBeUsedUp) {

        private boolean isDone() {
            return !mustBeUsedUp || history.isUsedUp();
        }

        private List<Long> costs(int count) {
            return ThreadLocalRandom.current()
                    .longs(count, 0, mostCost + 1)
                    .boxed()
                    .toList();
        }
    }

    private enum Way {
        VERIFY,
        VERIFY_BATCH,
        FORWARD_AUTH
    }

    private static final List<Way> WAYS =
            List.of(Way.VERIFY_BATCH, Way.FORWARD_AUTH, Way.FORWARD_AUTH, Way.VERIFY, Way.VERIFY, Way.VERIFY);
    private static final int THREADS_PER_INSTANCE = 4;
    private static final int MOST_IN_A_BATCH = 5;
    private static final int PAUSE_MILLIS = 50;
    private static final Duration MOST = Duration.ofMinutes(10);

    private final Asker asker;
    private final List<Instance> instances;
    private final List<Target> targets;

    /** @param instances may be replaced meanwhile */
    Attack(Asker asker, List<Instance> instances, List<Target> targets) {
        this.asker = asker;
        this.instances = instances;
        this.targets = targets;
    }

    /** Until it is enough, and what must be used up is. */
    void run(BooleanSupplier isEnough) throws InterruptedException, ExecutionException {
        var end = System.nanoTime() + MOST.toNanos();
        var calls = new ArrayList<Callable<Void>>();
        for (var i = 0; i < instances.size() * THREADS_PER_INSTANCE; i++) {
            var number = i % instances.size();
            calls.add(() -> {
                var gone = new HashSet<String>();
                while (System.nanoTime() < end
                        && !(isEnough.getAsBoolean() && targets.stream().allMatch(Target::isDone))) {
                    call(instances.get(number).base(), gone);
                }
                return null;
            });
        }
        try (var threads = Executors.newFixedThreadPool(calls.size())) {
            for (var done : threads.invokeAll(calls)) {
                done.get();
            }
        }
    }

    private void call(String base, Set<String> gone) throws InterruptedException {
        var random = ThreadLocalRandom.current();
        var target = targets.get(random.nextInt(targets.size()));
        var way = WAYS.get(random.nextInt(WAYS.size()));
        var costs =
                switch (way) {
                    case VERIFY -> target.costs(1);
                    case VERIFY_BATCH -> target.costs(random.nextInt(1, MOST_IN_A_BATCH + 1));
                    case FORWARD_AUTH -> List.of(1L);
                };
        var began = System.nanoTime();
        try {
            var answers =
                    switch (way) {
                        case VERIFY, VERIFY_BATCH -> ask(base, target.token(), costs);
                        case FORWARD_AUTH -> List.of(asker.forwardAuth(base, target.token()));
                    };
            record(target, began, costs, answers);
        } catch (ConnectException e) {
            // Not asked; but the client by itself repeats a GET whose connection broke, and then tells of the second
            // alone.
            if (gone.add(base)) {
                record(target, began, costs, Collections.nCopies(costs.size(), Answer.NONE));
            }
            Thread.sleep(PAUSE_MILLIS);
        } catch (IOException e) {
            record(target, began, costs, Collections.nCopies(costs.size(), Answer.NONE));
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private List<Answer> ask(String base, Token token, List<Long> costs) throws IOException, InterruptedException {
        return costs.size() == 1
                ? List.of(asker.verify(base, token, costs.getFirst()))
                : asker.verify(base, token, costs);
    }

    private static void record(Target target, long began, List<Long> costs, List<Answer> answers) {
        var ended = System.nanoTime();
        for (var i = 0; i < costs.size(); i++) {
            target.history().add(new Call(began, ended, costs.get(i), answers.get(i)));
        }
    }
}
