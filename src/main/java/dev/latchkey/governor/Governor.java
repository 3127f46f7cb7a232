package dev.latchkey.governor;

import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.redis.RedisAwayException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Lets calls go out when all limits allow it, on whichever replica they are; keeps them waiting for a while where they do not. Non-blocking. */
@Singleton
public class Governor {

    // What a call may take beside its own time: the way from here to there.
    private static final Duration SPARE = Duration.ofSeconds(5);

    private final GovernorScripts scripts;
    private final GovernorConfig config;
    private final Rules rules;
    private final Vertx vertx;
    private final Timer waits;
    private final Counter refusals;
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
    }

    /**
     * The call's turn. Fails with {@link Problem} {@code rate_limited} if that does not come in time, or is known not to; with {@code unavailable} if Redis is
     * away: nobody knows then what others send.
     */
    public Future<Permit> admit(Outgoing call) {
        var began = System.nanoTime();
        var waiter = new Waiter(
                call,
                rules.lanes(call),
                Uuid7.next(),
                began + config.longestWait().toNanos(),
                Promise.promise());
        var queue = queues.compute(call.bot(), (bot, known) -> {
            var here = known == null ? new BotQueue() : known;
            if (here.size() < Math.max(1, config.queue())) {
                here.add(waiter);
            } else {
                refuse(waiter, Duration.ofMillis(1000L * here.size() / call.perSecond()));
            }
            return here;
        });
        goOn(call.bot(), queue);
        return waiter.permit()
                .future()
                .onSuccess(permit -> waits.record(System.nanoTime() - began, TimeUnit.NANOSECONDS))
                .onFailure(refused -> refusals.increment());
    }

    /** Telegram has refused the call, and wants a pause. Until when the whole bot pauses, if it does. */
    public Future<Optional<Instant>> pause(Outgoing call, Duration length) {
        return scripts.pause(call, length);
    }

    private void goOn(UUID bot, BotQueue queue) {
        var now = System.nanoTime();
        for (var over : queue.giveUp(now)) {
            refuse(over, Duration.ofNanos(queue.left(over, now)));
        }
        queue.next(now).ifPresentOrElse(waiter -> ask(bot, queue, waiter), () -> rest(bot, queue));
    }

    private void ask(UUID bot, BotQueue queue, Waiter waiter) {
        var call = waiter.call();
        scripts.admit(call, rules.spans(call), waiter.slot(), call.longest().plus(SPARE))
                .onComplete(
                        verdict -> {
                            queue.answered(waiter, verdict, System.nanoTime());
                            if (verdict instanceof Verdict.Go) {
                                waiter.permit().tryComplete(new Permit(outcome -> end(waiter, outcome)));
                            }
                            goOn(bot, queue);
                        },
                        failure -> {
                            queue.failed(waiter);
                            waiter.permit().tryFail(failure instanceof RedisAwayException ? away() : failure);
                            goOn(bot, queue);
                        });
    }

    private void end(Waiter waiter, Outcome outcome) {
        var bot = waiter.call().bot();
        scripts.done(waiter.call(), waiter.slot(), outcome).onComplete(told -> {
            var queue = queues.get(bot);
            if (queue != null) {
                queue.freed();
                goOn(bot, queue);
            }
        });
    }

    private void rest(UUID bot, BotQueue queue) {
        var now = System.nanoTime();
        queue.alarm(now)
                .ifPresentOrElse(
                        moment -> vertx.setTimer(1 + (moment - now) / 1_000_000, timer -> {
                            queue.rang(moment);
                            goOn(bot, queue);
                        }),
                        () -> queues.computeIfPresent(bot, (same, known) -> known.isIdle() ? null : known));
    }

    private static void refuse(Waiter waiter, Duration time) {
        var seconds = Math.max(1, time.plusMillis(999).toSeconds());
        waiter.permit()
                .tryFail(new Problem(
                                CommonProblem.RATE_LIMITED,
                                "The bot's turn for this call does not come in time; see Retry-After")
                        .header("Retry-After", Long.toString(seconds)));
    }

    private static Problem away() {
        return new Problem(CommonProblem.UNAVAILABLE, "The bot's limits cannot be checked now; try again shortly")
                .header("Retry-After", "1");
    }
}
