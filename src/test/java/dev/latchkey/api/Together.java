package dev.latchkey.api;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Does the same thing many times at the same moment. */
public final class Together {

    private Together() {}

    /** The outcomes, in the order of the numbers from 0 that the action was given. */
    public static <T> List<T> run(int times, IntFunction<T> action) {
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(times)) {
            var outcomes = IntStream.range(0, times)
                    .mapToObj(number -> threads.submit(() -> {
                        start.await();
                        return action.apply(number);
                    }))
                    .toList();
            start.countDown();
            return outcomes.stream().map(Together::outcome).toList();
        }
    }

    private static <T> T outcome(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
