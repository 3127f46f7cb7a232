package dev.latchkey.governor;

import dev.latchkey.governor.BotQueue.Waiter;
import dev.latchkey.governor.GovernorScripts.Verdict;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.redis.RedisAwayException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Lets calls go out when all limits allow it, on whichever replica they are; keeps them waiting for a while where they do not. Non-blocking. */
@Singleton
public class Governor {

    // What a call may take beside its own time: the way from here to there.
    private static final Duration SPARE = Duration.ofSeconds(5);
    // Thousands of calls a second, at the pace of one when nothing is short.
    private static final int MOST_ASKING = 32;
    // For Redis to hear of what it is told until it has heard it.
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(1);
    // Half a span, so that Redis hears of it before the span is over.
    private static final Duration LATEST = Duration.ofMillis(500);

    private final GovernorScripts scripts;
    private final GovernorConfig config;
    private final Rules rules;
    private final Vertx vertx;
    private final Timer waits;
    private final Counter refusals;
    private final Counter late;
    private final Counter tooLate;
    private final Room room;
    private final Pipeline pipeline = new Pipeline(MOST_ASKING);
    private final Map<UUID, BotQueue> queues = new ConcurrentHashMap<>();

    Governor(GovernorScripts scripts, GovernorConfig config, Vertx vertx, MeterRegistry metrics) {
        this.scripts = scripts;
        this.config = config;
        this.rules = new Rules(config);
        this.vertx = vertx;
        // Two digits: with one, what is told may be a tenth off.
        this.waits = Timer.builder("latchkey_governor_wait")
                .publishPercentiles(0.5, 0.99)
                .percentilePrecision(2)
                .register(metrics);
        this.refusals = metrics.counter("latchkey_governor_refusals");
        this.late = metrics.counter("latchkey_governor_late", "outcome", "sent");
        this.tooLate = metrics.counter("latchkey_governor_late", "outcome", "not_sent");
        this.room =
                new Room(config.heldMaxPerBot().asLongValue(), config.heldMax().asLongValue());
        metrics.gauge("latchkey_governor_held_bytes", room, Room::held);
    }

    /**
     * The call's turn. Fails with {@link Problem} {@code rate_limited} if that does not come in time, or is known not to, or there is no room to wait; with {@code unavailable} if Redis is
     * away: nobody knows then what others send.
     *
     * @param gone ends when nobody wants the call any more: it does not wait then
     */
    public Future<Permit> admit(Outgoing call, Future<?> gone) {
        var end = System.nanoTime() + config.longestWait().toNanos();
        var waiter = Waiter.of(call, rules.lanes(call), end, gone);
        if (!room.enter(call)) {
            refusals.increment();
            waiter.refuse(Duration.ZERO);
            return waiter.permit().future();
        }
        return turnOf(waiter, queue -> {
            if (queue.size() < Math.max(1, config.queue())) {
                queue.add(waiter);
            } else {
                waiter.refuse(Duration.ofMillis(1000L * queue.size() / call.perSecond()));
            }
        });
    }

    /** What has waited for its turn does not wait behind all others once more; others have its places during the pause. */
    Future<Permit> again(Waiter waiter, String moment, Duration pause) {
        var next = waiter.anew();
        // When its places are free, or it would find them taken, by itself.
        giveBack(waiter, moment)
                .timeout(MOST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(told -> {
                    after(pause)
                            .onSuccess(now -> turnOf(next, queue -> {
                                queue.opened(next);
                                queue.addFirst(next);
                            }));
                    ended(waiter, queue -> queue.opened(waiter));
                })
                .onFailure(unheard -> {
                    room.leave(next.call());
                    next.unanswered(unheard);
                });
        return next.permit().future();
    }

    private Future<Void> after(Duration pause) {
        return pause.isZero() ? Future.succeededFuture() : vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void withdraw(BotQueue queue, Waiter waiter) {
        if (queue.withdraw(waiter)) {
            waiter.permit().tryFail(new CancellationException("Whoever wanted the call has gone"));
        }
    }

    private Future<Permit> turnOf(Waiter waiter, Consumer<BotQueue> join) {
        var began = System.nanoTime();
        var call = waiter.call();
        var queue = queues.compute(call.line(), (line, known) -> {
            var here = known == null ? new BotQueue() : known;
            join.accept(here);
            return here;
        });
        // Of one that is refused, all others hear nothing.
        if (!waiter.permit().future().isComplete()) {
            goOn(call.line(), queue);
        }
        waiter.gone().onComplete(nobody -> withdraw(queue, waiter));
        return waiter.permit()
                .future()
                .onSuccess(permit -> waits.record(System.nanoTime() - began, TimeUnit.NANOSECONDS))
                .onFailure(failure -> {
                    room.leave(call);
                    if (failure instanceof Problem problem && problem.code() == CommonProblem.RATE_LIMITED) {
                        refusals.increment();
                    }
                });
    }

    /**
     * Telegram has refused the call, and wants a pause. Until when the whole bot pauses, if it does. Fails with {@link
     * java.util.concurrent.TimeoutException} where Redis does not say so at once: it is told for some seconds all the same.
     */
    public Future<Optional<Instant>> pause(Outgoing call, Duration length) {
        var until = BotQueue.<Optional<Instant>>promiseHere();
        scripts.pause(call, length)
                .timeout(MOST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(until);
        return until.future();
    }

    private void goOn(UUID line, BotQueue queue) {
        var now = System.nanoTime();
        for (var over : queue.giveUp(now)) {
            over.refuse(Duration.ofNanos(queue.left(over, now)));
        }
        queue.next(now)
                .ifPresentOrElse(waiter -> pipeline.enter(() -> ask(line, queue, waiter)), () -> rest(line, queue));
    }

    private void ask(UUID line, BotQueue queue, Waiter waiter) {
        var call = waiter.call();
        var asked = System.nanoTime();
        scripts.admit(call, rules.spans(call), waiter.slot(), call.longest().plus(SPARE))
                .onComplete(
                        verdict -> {
                            queue.answered(waiter, verdict, System.nanoTime());
                            if (verdict instanceof Verdict.Go(String moment)) {
                                waiter.permit().tryComplete(new Permit(this, waiter, moment, asked));
                            } else if (waiter.gone().isComplete()) {
                                withdraw(queue, waiter);
                            }
                            pipeline.leave();
                            goOn(line, queue);
                        },
                        failure -> {
                            queue.failed(waiter);
                            // Redis may have let it go all the same.
                            if (!(failure instanceof RedisAwayException away) || away.mayHaveRun()) {
                                vacate(waiter, "");
                            }
                            waiter.unanswered(failure);
                            // Not at once: while Redis is away the next one fails in here, too, and so on.
                            vertx.runOnContext(now -> {
                                pipeline.leave();
                                goOn(line, queue);
                            });
                        });
    }

    /** @param age in nanoseconds, from when it was asked for: when Redis decided is not known here, so that it may be younger */
    boolean mayLeave(Waiter waiter, String moment, long age) {
        // The rest is for the way to Telegram.
        if (age <= config.margin().toNanos() / 4) {
            return true;
        }
        var isInTime = age <= LATEST.toNanos();
        if (isInTime) {
            late.increment();
            scripts.late(waiter.call(), rules.spans(waiter.call()), moment);
        } else {
            tooLate.increment();
        }
        return isInTime;
    }

    void done(Waiter waiter, Outcome outcome) {
        room.leave(waiter.call());
        scripts.done(waiter.call(), waiter.slot(), outcome).onSuccess(told -> ended(waiter, BotQueue::freed));
    }

    void unsent(Waiter waiter, String moment) {
        room.leave(waiter.call());
        vacate(waiter, moment);
    }

    private void vacate(Waiter waiter, String moment) {
        giveBack(waiter, moment).onSuccess(told -> ended(waiter, queue -> queue.opened(waiter)));
    }

    private Future<Void> giveBack(Waiter waiter, String moment) {
        return scripts.unsent(waiter.call(), rules.spans(waiter.call()), waiter.slot(), moment);
    }

    private void ended(Waiter waiter, Consumer<BotQueue> change) {
        var line = waiter.call().line();
        var queue = queues.get(line);
        if (queue != null) {
            change.accept(queue);
            goOn(line, queue);
        }
    }

    private void rest(UUID line, BotQueue queue) {
        var now = System.nanoTime();
        queue.alarm(now)
                .ifPresentOrElse(
                        moment -> vertx.setTimer(1 + (moment - now) / 1_000_000, timer -> {
                            queue.rang(moment);
                            goOn(line, queue);
                        }),
                        () -> queues.computeIfPresent(line, (same, known) -> known.isIdle() ? null : known));
    }
}
