package dev.latchkey.governor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.governor.Rules.Span;
import dev.latchkey.platform.redis.Keyspaces;
import dev.latchkey.platform.redis.LoopRedis;
import dev.latchkey.platform.redis.RedisAvailability;
import dev.latchkey.platform.redis.RedisScript;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks and tells Redis about calls. All fail with {@link dev.latchkey.platform.redis.RedisAwayException} where it gives no answer. */
@Singleton
class GovernorScripts {

    /** Whether a call may go out. */
    sealed interface Verdict {

        /**
         * Now, and it is counted.
         *
         * @param moment as its spans have it
         */
        record Go(String moment) implements Verdict {}

        /**
         * Not before so long, whoever is in that lane.
         *
         * @param from and counts as so many messages or more
         */
        record Wait(String lane, Duration time, int from) implements Verdict {}

        /** As many as may be are under way. */
        record Busy() implements Verdict {}
    }

    // A second apart, then two, then three: after that its slot is free by itself soon.
    private static final int MOST_TELLINGS = 4;
    private static final int RECENT = 50;
    private static final Duration RECENT_FOR = Duration.ofDays(7);

    private final RedisAvailability availability;
    private final LoopRedis redis;
    private final Keyspaces spaces;
    private final Vertx vertx;
    private final RedisScript admit = RedisScript.fromResources("governor-admit.lua");
    private final RedisScript done = RedisScript.fromResources("governor-done.lua");
    private final RedisScript unsent = RedisScript.fromResources("governor-unsent.lua");
    private final RedisScript late = RedisScript.fromResources("governor-late.lua");
    private final RedisScript pause = RedisScript.fromResources("governor-pause.lua");

    GovernorScripts(RedisAvailability availability, LoopRedis redis, Keyspaces spaces, Vertx vertx) {
        this.availability = availability;
        this.redis = redis;
        this.spaces = spaces;
        this.vertx = vertx;
    }

    /** Whether the call may go out now; if so, it is counted, and the slot is taken until {@link #done}, or until it has lasted for so long. */
    Future<Verdict> admit(Outgoing call, List<Span> spans, UUID slot, Duration lease) {
        var keys = BotKeys.of(spaces, call);
        var names = new ArrayList<>(List.of(keys.slots(), keys.pauses(), keys.counts(), keys.counted()));
        names.addAll(names(keys, spans));
        var pauses = Rules.pauses(call);
        var arguments =
                new ArrayList<Object>(List.of(slot, lease.toMillis(), call.concurrent(), counted(call), pauses.size()));
        arguments.addAll(pauses);
        arguments.addAll(numbers(spans));
        return ask(admit, names, arguments.toArray()).map(answer -> verdict(answer, spans, pauses));
    }

    private static List<Object> numbers(List<Span> spans) {
        return spans.stream()
                .<Object>mapMulti((span, to) -> {
                    to.accept(span.most());
                    to.accept(span.length().toMillis());
                    to.accept(span.weight());
                })
                .toList();
    }

    private static List<String> names(BotKeys keys, List<Span> spans) {
        return spans.stream().map(span -> keys.span(span.name())).toList();
    }

    private static Verdict verdict(Response answer, List<Span> spans, List<String> pauses) {
        var what = answer.get(1).toString();
        return switch (answer.get(0).toString()) {
            case "go" -> new Verdict.Go(what);
            case "busy" -> new Verdict.Busy();
            default ->
                wait(
                        Integer.parseInt(what),
                        Duration.ofMillis(Long.parseLong(answer.get(2).toString())),
                        spans,
                        pauses);
        };
    }

    private static Verdict wait(int why, Duration time, List<Span> spans, List<String> pauses) {
        if (why < 0) {
            return new Verdict.Wait(pauses.get(-why - 1), time, 0);
        }
        var span = spans.get(why - 1);
        return new Verdict.Wait(span.lane(), time, span.from());
    }

    private static String counted(Outgoing call) {
        return Counted.of(call).map(Counted::text).orElse("");
    }

    /** The call has ended. Told until Redis has heard it, for some seconds at most; told again, it says nothing new. */
    Future<Void> done(Outgoing call, UUID slot, Outcome outcome) {
        var keys = BotKeys.of(spaces, call);
        return told(() -> ask(
                        done,
                        List.of(keys.slots(), keys.counts(), keys.counted(), keys.recent()),
                        slot,
                        counted(call),
                        outcome.method(),
                        outcome.status(),
                        outcome.took().toNanos() / 1000,
                        RECENT,
                        RECENT_FOR.toSeconds()))
                .mapEmpty();
    }

    /**
     * The call goes out now, and counts from now on.
     *
     * @param moment of the verdict
     */
    Future<Void> late(Outgoing call, List<Span> spans, String moment) {
        var arguments = new ArrayList<Object>(List.of(moment));
        arguments.addAll(numbers(spans));
        return ask(late, names(BotKeys.of(spaces, call), spans), arguments.toArray())
                .mapEmpty();
    }

    /**
     * The call does not go out. Told as {@link #done}.
     *
     * @param moment of the verdict; empty if it is not known: then its places in the spans stay taken, and it is told again where Redis has let nothing go, as that may be on its way
     */
    Future<Void> unsent(Outgoing call, List<Span> spans, UUID slot, String moment) {
        var keys = BotKeys.of(spaces, call);
        var names = new ArrayList<>(List.of(keys.slots(), keys.counts(), keys.counted()));
        var arguments = new ArrayList<Object>(List.of(slot, counted(call), moment));
        names.addAll(names(keys, spans));
        spans.forEach(span -> arguments.add(span.weight()));
        return told(() -> ask(unsent, names, arguments.toArray())
                .compose(answer -> moment.isEmpty() && answer.toString().equals("0")
                        ? Future.failedFuture("Redis has not let it go")
                        : Future.succeededFuture()));
    }

    private <T> Future<T> told(Supplier<Future<T>> telling) {
        return told(telling, 1);
    }

    private <T> Future<T> told(Supplier<Future<T>> telling, int number) {
        return telling.get()
                .recover(failure -> number < MOST_TELLINGS
                        ? vertx.timer(number, TimeUnit.SECONDS).compose(now -> told(telling, number + 1))
                        : Future.failedFuture(failure));
    }

    /** Telegram wants a pause after this call. Until when the whole bot pauses, if it does. Told as {@link #done}. */
    Future<Optional<Instant>> pause(Outgoing call, Duration length) {
        var end = System.nanoTime() + length.toNanos();
        var keys = List.of(BotKeys.of(spaces, call).pauses());
        return told(() -> {
                    var left = Math.max(1, (end - System.nanoTime()) / 1_000_000);
                    return ask(pause, keys, left, Rules.paused(call), Rules.BOT);
                })
                .map(answer -> Optional.of(Long.parseLong(answer.toString()))
                        .filter(until -> until > 0)
                        .map(Instant::ofEpochMilli));
    }

    private Future<Response> ask(RedisScript script, List<String> keys, Object... arguments) {
        var bytes = Arrays.stream(arguments)
                .map(argument -> argument.toString().getBytes(UTF_8))
                .toList();
        return Future.fromCompletionStage(availability.ask(() -> script.run(redis.here(), keys, bytes)))
                .recover(failure -> Future.failedFuture(plain(failure)))
                .map(Objects::requireNonNull);
    }

    private static Throwable plain(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
