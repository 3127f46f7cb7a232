package dev.latchkey.governor;

import static dev.latchkey.governor.Replicas.NOBODY_LEAVES;
import static dev.latchkey.governor.Replicas.await;
import static dev.latchkey.governor.Replicas.refusal;
import static dev.latchkey.governor.Replicas.waits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.platform.problem.CommonProblem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GovernorTest {

    private static final long SECOND = 1_000_000_000;
    private static final Duration A_WHILE = Duration.ofMillis(300);
    private static final Outcome DONE = new Outcome("getMe", 200, Duration.ofMillis(5));

    // Spans of some seconds: what is to happen within one does so on a busy machine, too.
    private static final Replicas.Settings SLOW =
            new Replicas.Settings(1_000, Duration.ofSeconds(30), Duration.ofSeconds(4));

    private final UUID bot = UUID.randomUUID();
    private Replicas replicas;

    @BeforeEach
    void start() {
        replicas = new Replicas();
    }

    @AfterEach
    void stop() {
        replicas.close();
    }

    private Outgoing call(int perSecond, int concurrent) {
        return new Outgoing(
                bot,
                Optional.of(bot),
                perSecond,
                concurrent,
                "getMe",
                Optional.empty(),
                0,
                100,
                Duration.ofSeconds(30));
    }

    private static Outgoing ofAnother() {
        return new Outgoing(
                UUID.randomUUID(), Optional.empty(), 100, 50, "getMe", Optional.empty(), 0, 100, Duration.ofSeconds(1));
    }

    private Outgoing messages(String chat, int number) {
        return new Outgoing(
                bot,
                Optional.of(bot),
                100,
                50,
                "sendmediagroup",
                Optional.of(chat),
                number,
                100,
                Duration.ofSeconds(30));
    }

    private Outgoing message(String chat) {
        return new Outgoing(
                bot, Optional.of(bot), 100, 50, "sendMessage", Optional.of(chat), 1, 100, Duration.ofSeconds(30));
    }

    private static int mostInASpan(List<Long> times, long span) {
        var sorted = times.stream().sorted().toList();
        var most = 0;
        for (int first = 0, last = 0; last < sorted.size(); last++) {
            while (sorted.get(last) - sorted.get(first) >= span) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Test
    void noSecondHasMoreCallsThanTheLimitOverAllReplicas() {
        // Redis counts by its own clock, and this machine may be busy between its answer and this thread's look at the
        // time.
        var patient = new Replicas.Settings(1_000, Duration.ofSeconds(60), Duration.ofMillis(500));
        var governors = List.of(replicas.governor(patient), replicas.governor(patient), replicas.governor(patient));
        var times = new ConcurrentLinkedQueue<Long>();
        var going = new ArrayList<Future<?>>();
        for (var i = 0; i < 90; i++) {
            going.add(governors.get(i % 3).admit(call(20, 50), NOBODY_LEAVES).onSuccess(permit -> {
                times.add(System.nanoTime());
                permit.done(DONE);
            }));
        }
        Future.all(going).toCompletionStage().toCompletableFuture().join();
        assertEquals(90, times.size());
        assertTrue(
                mostInASpan(List.copyOf(times), SECOND) <= 20,
                () -> "in a second: " + mostInASpan(List.copyOf(times), SECOND));
    }

    @Test
    void noMoreAreUnderWayThanMayBeOverAllReplicas() {
        var governors = List.of(replicas.governor(), replicas.governor());
        var under = new AtomicInteger();
        var most = new AtomicInteger();
        var going = new ArrayList<Future<?>>();
        for (var i = 0; i < 40; i++) {
            going.add(governors
                    .get(i % 2)
                    .admit(call(100, 3), NOBODY_LEAVES)
                    .onSuccess(permit -> Thread.startVirtualThread(() -> {
                        most.accumulateAndGet(under.incrementAndGet(), Math::max);
                        sleep(20);
                        under.decrementAndGet();
                        permit.done(DONE);
                    })));
        }
        Future.all(going).toCompletionStage().toCompletableFuture().join();
        assertEquals(3, most.get());
    }

    @Test
    void aSlotThatNobodyGivesBackIsFreeWhenItsCallWouldBeOver() throws Exception {
        var brief =
                new Outgoing(bot, Optional.of(bot), 100, 1, "getMe", Optional.empty(), 0, 100, Duration.ofMillis(1));
        // As of a replica that is killed then.
        await(replicas.governor().admit(brief, NOBODY_LEAVES));
        var next = replicas.governor().admit(brief, NOBODY_LEAVES);
        assertTrue(waits(next, A_WHILE));
        await(next).done(DONE);
    }

    @Test
    void aChatThatIsBusyKeepsOnlyItsOwnMessagesBack() throws Exception {
        var governor = replicas.governor(SLOW);
        await(governor.admit(message("1"), NOBODY_LEAVES)).done(DONE);
        var second = governor.admit(message("1"), NOBODY_LEAVES);
        assertTrue(waits(second, A_WHILE));
        await(governor.admit(message("2"), NOBODY_LEAVES)).done(DONE);
        await(governor.admit(call(100, 50), NOBODY_LEAVES)).done(DONE);
        assertFalse(second.isComplete());
        await(second).done(DONE);
    }

    @Test
    void anAlbumCountsAsManyMessagesAsItHasButNeverAsMoreThanMayEverGo() throws Exception {
        var governor = replicas.governor(SLOW);
        await(governor.admit(messages("1", 29), NOBODY_LEAVES)).done(DONE);
        await(governor.admit(messages("2", 1), NOBODY_LEAVES)).done(DONE);
        var next = governor.admit(messages("3", 1), NOBODY_LEAVES);
        assertTrue(waits(next, A_WHILE));
        await(next).done(DONE);
        await(governor.admit(messages("-100", 100), NOBODY_LEAVES)).done(DONE);
        var refused = refusal(replicas.governor(new Replicas.Settings(1_000, Duration.ofSeconds(20)))
                .admit(messages("-100", 1), NOBODY_LEAVES));
        assertTrue(Integer.parseInt(refused.headers().get("Retry-After")) > 30);
    }

    @Test
    void manyMessagesThatAreRefusedKeepNoSingleOneBack() {
        var governor = replicas.governor(new Replicas.Settings(1_000, Duration.ofSeconds(20)));
        keepsWaiting(governor);
        await(governor.admit(message("-100"), NOBODY_LEAVES)).done(DONE);
        var refused = refusal(governor.admit(messages("-100", 20), NOBODY_LEAVES));
        assertTrue(Integer.parseInt(refused.headers().get("Retry-After")) > 30);
        await(governor.admit(message("-100"), NOBODY_LEAVES)).done(DONE);
    }

    @Test
    void aSingleMessageDoesNotPassManyThatWait() throws Exception {
        var governor = replicas.governor(SLOW);
        await(governor.admit(messages("1", 29), NOBODY_LEAVES)).done(DONE);
        var album = governor.admit(messages("2", 10), NOBODY_LEAVES);
        var single = governor.admit(message("3"), NOBODY_LEAVES);
        assertTrue(waits(single, A_WHILE));
        await(album).done(DONE);
        await(single).done(DONE);
    }

    @Test
    void whatAsksAboutAChatDoesNotWaitForMessages() {
        var governor = replicas.governor(new Replicas.Settings(1_000, Duration.ofSeconds(20)));
        keepsWaiting(governor);
        await(governor.admit(messages("-100", 20), NOBODY_LEAVES)).done(DONE);
        refusal(governor.admit(message("-100"), NOBODY_LEAVES));
        await(governor.admit(messages("-100", 0), NOBODY_LEAVES)).done(DONE);
    }

    /** Somebody does, so that what was learned of lanes is not forgotten. */
    private void keepsWaiting(Governor governor) {
        join(governor.pause(message("9"), Duration.ofSeconds(15)));
        governor.admit(message("9"), NOBODY_LEAVES);
    }

    @Test
    void aGroupGetsTwentyMessagesInAMinute() {
        var governor = replicas.governor(new Replicas.Settings(1_000, Duration.ofSeconds(25)));
        var sent = new ArrayList<Future<Permit>>();
        for (var i = 0; i < 20; i++) {
            sent.add(governor.admit(message("-100"), NOBODY_LEAVES));
        }
        sent.forEach(permit -> await(permit).done(DONE));
        var refused = refusal(replicas.governor().admit(message("-100"), NOBODY_LEAVES));
        assertEquals(CommonProblem.RATE_LIMITED, refused.code());
        assertTrue(Integer.parseInt(refused.headers().get("Retry-After")) > 30);
        await(governor.admit(message("100"), NOBODY_LEAVES)).done(DONE);
    }

    @Test
    void thirtyMessagesGoOutInASecondWhateverTheBotsOwnLimit() throws Exception {
        var governor = replicas.governor(SLOW);
        for (var chat = 0; chat < 30; chat++) {
            await(governor.admit(message("" + chat), NOBODY_LEAVES)).done(DONE);
        }
        var next = governor.admit(message("31"), NOBODY_LEAVES);
        await(governor.admit(call(100, 50), NOBODY_LEAVES)).done(DONE);
        assertFalse(next.isComplete());
        await(next).done(DONE);
    }

    @Test
    void whatTelegramWantsToPausePausesOnEveryReplica() {
        var one = replicas.governor();
        assertEquals(Optional.empty(), join(one.pause(message("1"), Duration.ofSeconds(90))));
        var other = replicas.governor();
        var refused = refusal(other.admit(message("1"), NOBODY_LEAVES));
        assertEquals(CommonProblem.RATE_LIMITED, refused.code());
        var seconds = Integer.parseInt(refused.headers().get("Retry-After"));
        assertTrue(seconds > 80 && seconds <= 90, "Retry-After: " + seconds);
        await(other.admit(message("2"), NOBODY_LEAVES)).done(DONE);

        assertTrue(join(one.pause(message("2"), Duration.ofSeconds(40))).isPresent());
        assertEquals(
                CommonProblem.RATE_LIMITED,
                refusal(other.admit(message("3"), NOBODY_LEAVES)).code());
        assertEquals(
                CommonProblem.RATE_LIMITED,
                refusal(other.admit(call(100, 50), NOBODY_LEAVES)).code());
    }

    @Test
    void aMethodWithoutAChatPausesByItself() {
        var governor = replicas.governor();
        join(governor.pause(call(100, 50), Duration.ofSeconds(90)));
        assertEquals(
                CommonProblem.RATE_LIMITED,
                refusal(governor.admit(call(100, 50), NOBODY_LEAVES)).code());
        await(governor.admit(message("1"), NOBODY_LEAVES)).done(DONE);
    }

    @Test
    void whoMayNotEvenAskWhoItIsMayAskNothing() {
        var governor = replicas.governor();
        var whoAmI =
                new Outgoing(bot, Optional.empty(), 100, 50, "getme", Optional.empty(), 0, 0, Duration.ofSeconds(30));
        assertTrue(join(governor.pause(whoAmI, Duration.ofSeconds(90))).isPresent());
        assertEquals(
                CommonProblem.RATE_LIMITED,
                refusal(governor.admit(message("1"), NOBODY_LEAVES)).code());
    }

    @Test
    void whatRedisLetGoTooLateGivesItsSlotBack() {
        var governor = replicas.governor(Duration.ofSeconds(1));
        await(governor.admit(call(100, 1), NOBODY_LEAVES)).done(DONE);
        replicas.holdRedis(Duration.ofMillis(1_500));
        assertEquals(
                CommonProblem.UNAVAILABLE,
                refusal(governor.admit(call(100, 1), NOBODY_LEAVES)).code());
        Eventually.within(10, () -> assertEquals(0, replicas.slots(bot)));
        await(governor.admit(call(100, 1), NOBODY_LEAVES)).done(DONE);
        Eventually.within(
                10,
                () -> assertEquals(
                        2,
                        replicas.tallies()
                                .take(new Counted(bot, bot))
                                .orElseThrow()
                                .total()));
    }

    @Test
    void whatDoesNotGoOutAfterAllLeavesItsPlacesToOthersAndIsNotCounted() throws Exception {
        var governor = replicas.governor(SLOW);
        await(governor.admit(messages("1", 29), NOBODY_LEAVES)).unsent();
        await(governor.admit(messages("1", 30), NOBODY_LEAVES)).done(DONE);
        var next = governor.admit(messages("2", 1), NOBODY_LEAVES);
        assertTrue(waits(next, A_WHILE));
        await(next).done(DONE);
        Eventually.within(
                10,
                () -> assertEquals(
                        2,
                        replicas.tallies()
                                .take(new Counted(bot, bot))
                                .orElseThrow()
                                .total()));
        assertEquals(0, replicas.slots(bot));
    }

    @Test
    void whatLeavesLateHasItsPlacesOnce() throws Exception {
        var governor = replicas.governor();
        var late = await(governor.admit(messages("-100", 19), NOBODY_LEAVES));
        Thread.sleep(Duration.ofMillis(100));
        assertTrue(late.mayLeave());
        late.done(DONE);
        await(governor.admit(messages("-100", 1), NOBODY_LEAVES)).done(DONE);
    }

    @Test
    void onlySoManyAskAtATimeAndAllOfThemAreAnswered() {
        var most = new AtomicInteger();
        var governor = replicas.governor(most);
        replicas.holdRedis(Duration.ofMillis(500));
        var permits = new ArrayList<Future<Permit>>();
        for (var i = 0; i < 100; i++) {
            permits.add(governor.admit(ofAnother(), NOBODY_LEAVES));
        }
        permits.forEach(permit -> await(permit));
        assertEquals(32, most.get());
    }

    @Test
    void whoeverWaitsGoesOnInTheContextOfItsOwnRequest() {
        var governor = replicas.governor();
        replicas.holdRedis(Duration.ofMillis(500));
        var loop = (ContextInternal) replicas.vertx().getOrCreateContext();
        var inItsOwn = new ArrayList<Future<Boolean>>();
        for (var i = 0; i < 100; i++) {
            var own = loop.duplicate();
            var told = Promise.<Boolean>promise();
            own.runOnContext(now -> governor.admit(ofAnother(), NOBODY_LEAVES)
                    .onSuccess(permit -> told.complete(ContextInternal.current() == own)));
            inItsOwn.add(told.future());
        }
        inItsOwn.forEach(told -> assertTrue(join(told)));
    }

    @Test
    void whoeverIsGoneWaitsNoLonger() {
        var governor = replicas.governor(new Replicas.Settings(1, Duration.ofSeconds(30)));
        join(governor.pause(message("1"), Duration.ofSeconds(20)));
        var gone = Promise.<Void>promise();
        var waiting = governor.admit(message("1"), gone.future());
        assertEquals(
                CommonProblem.RATE_LIMITED,
                refusal(governor.admit(message("2"), NOBODY_LEAVES)).code());
        gone.complete();
        assertThrows(CancellationException.class, () -> join(waiting));
        await(governor.admit(message("2"), NOBODY_LEAVES)).done(DONE);
    }

    @Test
    void whoeverIsGoneWhileRedisIsAskedWaitsNoLongerThanThat() {
        var governor = replicas.governor();
        join(governor.pause(message("1"), Duration.ofSeconds(20)));
        replicas.holdRedis(Duration.ofMillis(500));
        var gone = Promise.<Void>promise();
        var waiting = governor.admit(message("1"), gone.future());
        gone.complete();
        assertThrows(CancellationException.class, () -> join(waiting));
    }

    @Test
    void whoHasAnotherTurnFindsItsOwnPlaceFree() {
        var governor = replicas.governor();
        var first = await(governor.admit(messages("-100", 20), NOBODY_LEAVES));
        await(first.again(Duration.ZERO)).done(DONE);
    }

    @Test
    void whoPausesBeforeAnotherTurnKeepsNoSlotMeanwhile() {
        var governor = replicas.governor();
        var first = await(governor.admit(call(100, 1), NOBODY_LEAVES));
        var waiting = governor.admit(call(100, 1), NOBODY_LEAVES);
        var again = first.again(Duration.ofSeconds(3));
        await(waiting).done(DONE);
        assertFalse(again.isComplete());
        await(again).done(DONE);
    }

    @Test
    void whoWantsAnotherTurnWhileRedisIsAwayHearsOfThat() {
        var governor = replicas.governor(new Replicas.Settings(1_000, Duration.ofSeconds(3)));
        var first = await(governor.admit(call(100, 50), NOBODY_LEAVES));
        replicas.stopRedis();
        var told = replicas.scripts().unsent(call(100, 50), List.of(), UUID.randomUUID(), "");
        assertEquals(
                CommonProblem.UNAVAILABLE, refusal(first.again(Duration.ZERO)).code());
        assertFalse(told.isComplete(), "it waited until nobody told Redis any more");
    }

    @Test
    void aPauseIsToldUntilRedisHasHeardIt() {
        var governor = replicas.governor();
        await(governor.admit(call(100, 50), NOBODY_LEAVES)).done(DONE);
        replicas.stopRedis();
        assertThrows(CompletionException.class, () -> join(governor.pause(message("1"), Duration.ofSeconds(90))));
        replicas.startRedis();
        var other = replicas.governor();
        Eventually.within(
                10,
                () -> assertEquals(
                        CommonProblem.RATE_LIMITED,
                        refusal(other.admit(message("1"), NOBODY_LEAVES)).code()));
    }

    @Test
    void aSlotThatIsGivenBackBeforeRedisHeardOfItIsFreeAllTheSame() throws Exception {
        var scripts = replicas.scripts();
        var slot = UUID.randomUUID();
        var told = scripts.unsent(call(100, 1), List.of(), slot, "");
        Thread.sleep(A_WHILE);
        join(scripts.admit(call(100, 1), List.of(), slot, Duration.ofMinutes(1)));
        assertEquals(1, replicas.slots(bot));
        join(told);
        assertEquals(0, replicas.slots(bot));
    }

    @Test
    void aClockThatIsSetBackOpensNoSpan() throws Exception {
        replicas.beganAhead(bot, 2);
        var next = replicas.governor(SLOW).admit(call(2, 50), NOBODY_LEAVES);
        assertTrue(waits(next, A_WHILE));
        await(next).done(DONE);
    }

    @Test
    void whenRedisGoesAwayAllWhoWaitHearOfIt() {
        var governor = replicas.governor(new Replicas.Settings(10_000, Duration.ofSeconds(60), Duration.ofSeconds(12)));
        await(governor.admit(call(1, 50), NOBODY_LEAVES)).done(DONE);
        var waiting = new ArrayList<Future<Permit>>();
        for (var i = 0; i < 2_000; i++) {
            waiting.add(governor.admit(call(1, 50), NOBODY_LEAVES));
        }
        replicas.stopRedis();
        for (var i = 0; i < 1_000; i++) {
            waiting.add(governor.admit(ofAnother(), NOBODY_LEAVES));
        }
        waiting.forEach(permit ->
                assertEquals(CommonProblem.UNAVAILABLE, refusal(permit).code()));
    }

    @Test
    void whoComesTooLateForItsTurnHasTheNextOne() throws Exception {
        var governor = replicas.governor(SLOW);
        await(governor.admit(call(2, 50), NOBODY_LEAVES)).done(DONE);
        var late = await(governor.admit(call(2, 50), NOBODY_LEAVES));
        var waiting = governor.admit(call(2, 50), NOBODY_LEAVES);
        assertTrue(waits(waiting, A_WHILE));
        assertTrue(late.mayLeave());
        Thread.sleep(Duration.ofSeconds(2));
        assertFalse(late.mayLeave());
        var again = await(late.again(Duration.ZERO));
        assertTrue(again.mayLeave());
        assertFalse(waiting.isComplete());
        again.done(DONE);
        await(waiting).done(DONE);
        var twice = late.again(Duration.ZERO);
        assertTrue(twice.failed());
        assertEquals(0, replicas.slots(bot));
    }

    @Test
    void aBriefPauseIsWaitedFor() throws Exception {
        var governor = replicas.governor();
        join(governor.pause(message("1"), Duration.ofMillis(700)));
        var waiting = governor.admit(message("1"), NOBODY_LEAVES);
        assertTrue(waits(waiting, A_WHILE));
        await(waiting).done(DONE);
    }

    @Test
    void whoFindsTheQueueFullIsToldToComeAgain() {
        var governor = replicas.governor(new Replicas.Settings(2, Duration.ofSeconds(30)));
        await(governor.admit(call(1, 50), NOBODY_LEAVES)).done(DONE);
        var waiting = List.of(governor.admit(call(1, 50), NOBODY_LEAVES), governor.admit(call(1, 50), NOBODY_LEAVES));
        var refused = refusal(governor.admit(call(1, 50), NOBODY_LEAVES));
        assertEquals(CommonProblem.RATE_LIMITED, refused.code());
        assertEquals("2", refused.headers().get("Retry-After"));
        assertEquals(1, replicas.refusals());
        waiting.forEach(permit -> await(permit).done(DONE));
    }

    @Test
    void whoHasWaitedForTooLongIsToldToComeAgain() {
        var governor = replicas.governor(new Replicas.Settings(100, Duration.ofMillis(500)));
        var held = await(governor.admit(call(100, 1), NOBODY_LEAVES));
        assertEquals(
                CommonProblem.RATE_LIMITED,
                refusal(governor.admit(call(100, 1), NOBODY_LEAVES)).code());
        held.done(DONE);
        await(governor.admit(call(100, 1), NOBODY_LEAVES)).done(DONE);
    }

    @Test
    void oneBotsStormKeepsNoOtherWaiting() {
        var governor = replicas.governor();
        for (var i = 0; i < 500; i++) {
            governor.admit(call(1, 1), NOBODY_LEAVES);
        }
        var other = ofAnother();
        for (var i = 0; i < 50; i++) {
            await(governor.admit(other, NOBODY_LEAVES)).done(DONE);
        }
    }

    @Test
    void nothingGoesOutWhileRedisIsAway() {
        var governor = replicas.governor();
        await(governor.admit(call(100, 50), NOBODY_LEAVES)).done(DONE);
        replicas.stopRedis();
        assertEquals(
                CommonProblem.UNAVAILABLE,
                refusal(governor.admit(call(100, 50), NOBODY_LEAVES)).code());
        assertEquals(0, replicas.refusals());
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
