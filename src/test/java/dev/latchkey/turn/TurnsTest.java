package dev.latchkey.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.bot.BotApi;
import dev.latchkey.telegram.BotToken;
import dev.latchkey.telegram.TelegramAnswer;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Why;
import dev.latchkey.telegram.TelegramCall;
import dev.latchkey.telegram.TelegramFaults;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a permit is worth when its call could leave counts. */
@QuarkusTest
@TestProfile(BotApi.class)
class TurnsTest {

    private static final int PER_SECOND = 5;
    // Less than the second in which no more may arrive, as this machine may see one of them late; more than all at once
    // would take.
    private static final Duration A_SPAN = Duration.ofMillis(700);

    @Inject
    Turns turns;

    @Inject
    MeterRegistry metrics;

    private final BotApi.Known bot = BotApi.newBot();
    private final BotToken token = BotToken.parse(bot.token()).orElseThrow();

    private Future<TelegramAnswer> getMe(Supplier<Future<BotToken>> supplier) {
        return turns.call(
                new Turn(
                        token.digest(),
                        Optional.empty(),
                        PER_SECOND,
                        50,
                        Optional.empty(),
                        0,
                        TelegramCall.of("getMe")),
                supplier);
    }

    private double late() {
        return metrics.get("latchkey_governor_late")
                .tag("outcome", "not_sent")
                .counter()
                .count();
    }

    private static TelegramAnswer await(Future<TelegramAnswer> answer) {
        return answer.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** As of a process that stands still between the permits and their calls. */
    @Test
    void whatIsHeldUpDoesNotLeaveTogetherWithThoseWhoseTurnComesThen() {
        var before = late();
        var standstill = Promise.<BotToken>promise();
        var held = new AtomicInteger();
        var answers = new ArrayList<Future<TelegramAnswer>>();
        for (var i = 0; i < PER_SECOND; i++) {
            answers.add(getMe(
                    () -> held.incrementAndGet() <= PER_SECOND ? standstill.future() : Future.succeededFuture(token)));
        }
        // The next ones wait for their turn; when it comes, the others' calls leave, too.
        for (var i = 0; i < PER_SECOND; i++) {
            answers.add(getMe(() -> {
                standstill.tryComplete(token);
                return Future.succeededFuture(token);
            }));
        }
        answers.forEach(answer -> assertInstanceOf(Done.class, await(answer)));
        assertEquals(PER_SECOND, late() - before);
        assertApart(A_SPAN);
    }

    /** Those that may not be in one span. */
    private void assertApart(Duration least) {
        var arrived = BotApi.asked(bot).stream()
                .map(TelegramFaults.Call::arrivedNanos)
                .sorted()
                .toList();
        assertEquals(2 * PER_SECOND, arrived.size());
        for (var i = PER_SECOND; i < arrived.size(); i++) {
            var apart = Duration.ofNanos(arrived.get(i) - arrived.get(i - PER_SECOND));
            assertTrue(apart.compareTo(least) > 0, apart::toString);
        }
    }

    /** As with a new connection. */
    @Test
    void whatLeavesLaterCountsFromThenOn() {
        var slow = new AtomicInteger();
        var answers = new ArrayList<Future<TelegramAnswer>>();
        for (var i = 0; i < 2 * PER_SECOND; i++) {
            answers.add(getMe(() -> slow.incrementAndGet() <= PER_SECOND
                    ? after(Duration.ofMillis(350))
                    : Future.succeededFuture(token)));
        }
        answers.forEach(answer -> assertInstanceOf(Done.class, await(answer)));
        assertApart(Duration.ofMillis(900));
    }

    @Test
    void whatCanNeverLeaveInItsTurnIsNotSentAndFreesIt() {
        var asked = new AtomicInteger();
        BotApi.answer(bot, "sendMediaGroup", TelegramFaults.ok("[]"));
        // As many messages as may go to a group in a minute.
        var album = new Turn(
                token.digest(),
                Optional.empty(),
                PER_SECOND,
                50,
                Optional.of("-100"),
                20,
                new TelegramCall("sendMediaGroup", "application/json", Buffer.buffer("{}"), Duration.ZERO));
        var answer = await(turns.call(album, () -> {
            asked.incrementAndGet();
            return after(Duration.ofMillis(700));
        }));
        assertEquals(new Failed(Why.LATE, false), answer);
        assertTrue(asked.get() > 1, "it was not tried again");
        assertEquals(0, BotApi.asked(bot).size());
        // Its places are free.
        assertInstanceOf(Done.class, await(turns.call(album, () -> Future.succeededFuture(token))));
        Eventually.within(
                5,
                () -> assertEquals(
                        0, metrics.get("latchkey_governor_held_bytes").gauge().value()));
    }

    private Future<BotToken> after(Duration pause) {
        return Future.future(moment -> CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> moment.complete(token)));
    }
}
