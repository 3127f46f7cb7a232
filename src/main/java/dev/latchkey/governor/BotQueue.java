package dev.latchkey.governor;

import dev.latchkey.governor.GovernorScripts.Verdict;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.redis.RedisAwayException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one bot that wait on this replica: first come, first served, but that nobody waits for a lane that is not theirs. One of them asks at a
 * time. A plain object: what time it is comes in, and nothing goes out. Safe for use by many threads.
 */
final class BotQueue {

    /**
     * A call on its way to its turn.
     *
     * @param end by {@link System#nanoTime()}: when it has waited for too long
     * @param gone ends when nobody wants it any more
     */
    record Waiter(Outgoing call, List<String> lanes, UUID slot, long end, Future<?> gone, Promise<Permit> permit) {

        static Waiter of(Outgoing call, List<String> lanes, long end, Future<?> gone) {
            return new Waiter(call, lanes, Uuid7.next(), end, gone, promiseHere());
        }

        boolean isOver(long now) {
            return now - end >= 0;
        }

        /** For another turn of the same call. */
        Waiter anew() {
            return of(call, lanes, end, gone);
        }

        /** @param time until it is worth another try */
        void refuse(Duration time) {
            var seconds = Math.max(1, time.plusMillis(999).toSeconds());
            fail(CommonProblem.RATE_LIMITED, "The bot's turn for this call does not come in time", seconds);
        }

        /** Redis did not answer what was asked for it. */
        void unanswered(Throwable failure) {
            if (failure instanceof RedisAwayException || failure instanceof TimeoutException) {
                fail(CommonProblem.UNAVAILABLE, "The bot's limits cannot be checked now", 1);
            } else {
                permit.tryFail(failure);
            }
        }

        private void fail(CommonProblem code, String detail, long seconds) {
            permit.tryFail(
                    new Problem(code, detail + "; see Retry-After").header("Retry-After", Long.toString(seconds)));
        }

        boolean countsAs(int messages) {
            return call.messages() >= messages;
        }
    }

    /**
     * A lane that is shut.
     *
     * @param from for those that count as so many messages or more
     * @param by the slot of the one who was told: a lane may be shut for longer than that one is to be remembered
     */
    private record Shut(long until, int from, UUID by) {}

    // Whoever is under way on another replica does not say here when it ends; it is looked for less and less.
    private static final Duration BUSY = Duration.ofMillis(15);
    private static final Duration LONGEST_BUSY = Duration.ofMillis(240);

    // Of all calls, messages or not.
    private static final int ALL = 0;
    private static final String SLOTS = "slots";

    // By their slots.
    private final SequencedMap<UUID, Waiter> waiting = new LinkedHashMap<>();
    private final Map<String, Shut> shut = new HashMap<>();
    private Duration busy = BUSY;
    private @Nullable Waiter asking;
    private @Nullable Long alarm;

    /** Ends in the context of whoever asks here, and not of the one whose answer it waits for. */
    static <T> Promise<T> promiseHere() {
        var here = ContextInternal.current();
        return here == null ? Promise.promise() : here.promise();
    }

    synchronized void add(Waiter waiter) {
        waiting.put(waiter.slot(), waiter);
    }

    synchronized void addFirst(Waiter waiter) {
        waiting.putFirst(waiter.slot(), waiter);
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized boolean isIdle() {
        return waiting.isEmpty() && asking == null;
    }

    /** Who is to ask now; it counts as asking until {@link #answered} or {@link #failed}. Empty if nobody is, or somebody does. */
    synchronized Optional<Waiter> next(long now) {
        if (asking != null) {
            return Optional.empty();
        }
        shut.values().removeIf(lane -> now - lane.until() >= 0);
        var next = waiting.values().stream().filter(waiter -> !isShut(waiter)).findFirst();
        asking = next.orElse(null);
        return next;
    }

    private boolean isShut(Waiter waiter) {
        return shut.containsKey(SLOTS) || shutTo(waiter).findAny().isPresent();
    }

    // What is shut to many messages lets one pass, but not ahead of the many, or these would never go.
    private Stream<Shut> shutTo(Waiter waiter) {
        return waiter.lanes().stream()
                .map(shut::get)
                .filter(Objects::nonNull)
                .filter(lane -> waiter.countsAs(lane.from()) || waiting.containsKey(lane.by()));
    }

    /** What the one who asked was told; it is here no longer if it may go. */
    synchronized void answered(Waiter waiter, Verdict verdict, long now) {
        asking = null;
        switch (verdict) {
            case Verdict.Go go -> {
                waiting.remove(waiter.slot());
                busy = BUSY;
            }
            case Verdict.Wait(String lane, Duration time, int from) ->
                shut.put(lane, new Shut(now + time.toNanos(), from, waiter.slot()));
            case Verdict.Busy() -> {
                shut.put(SLOTS, new Shut(now + busy.toNanos(), ALL, waiter.slot()));
                busy = busy.compareTo(LONGEST_BUSY) < 0 ? busy.multipliedBy(2) : LONGEST_BUSY;
            }
        }
    }

    /** The one who asked got no answer, and goes. */
    synchronized void failed(Waiter waiter) {
        asking = null;
        waiting.remove(waiter.slot());
    }

    /** It waits no longer, unless it asks just now. Whether it did. */
    synchronized boolean withdraw(Waiter waiter) {
        return waiter != asking && waiting.remove(waiter.slot()) != null;
    }

    /** A slot is free. */
    synchronized void freed() {
        shut.remove(SLOTS);
    }

    /** A slot is free, and a place in each of its lanes, as it does not go out after all. */
    synchronized void opened(Waiter waiter) {
        freed();
        shut.keySet().removeAll(waiter.lanes());
    }

    /** Those who have waited for too long, or would, but for the one who asks; they are here no longer. */
    synchronized List<Waiter> giveUp(long now) {
        var over = new ArrayList<Waiter>();
        waiting.values().removeIf(waiter -> {
            var isOver = waiter != asking && waiter.isOver(now + Math.max(0, left(waiter, now)));
            if (isOver) {
                over.add(waiter);
            }
            return isOver;
        });
        return over;
    }

    /** How long its lanes are shut at least, in nanoseconds. */
    synchronized long left(Waiter waiter, long now) {
        return shutTo(waiter).mapToLong(lane -> lane.until() - now).max().orElse(0);
    }

    /**
     * When somebody may ask or gives up, by {@link System#nanoTime()}: the alarm is to be set for then, and to tell by {@link #rang}. Empty if nobody waits,
     * somebody asks, or an alarm is set that rings before.
     */
    synchronized Optional<Long> alarm(long now) {
        if (asking != null || waiting.isEmpty()) {
            return Optional.empty();
        }
        var slots = shut.containsKey(SLOTS) ? shut.get(SLOTS).until() - now : 0;
        var pause = waiting.values().stream()
                .mapToLong(waiter -> Math.min(waiter.end() - now, Math.max(slots, left(waiter, now))))
                .min()
                .orElse(0);
        var moment = now + Math.max(0, pause);
        if (alarm != null && alarm - moment <= 0) {
            return Optional.empty();
        }
        alarm = moment;
        return Optional.of(moment);
    }

    synchronized void rang(long moment) {
        if (alarm != null && alarm == moment) {
            alarm = null;
        }
    }
}
