package dev.latchkey.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What may be kept, for how long, and what its use owes. */
class AnswersTest {

    private static final Instant NOW = Instant.parse("2026-11-21T14:00:00Z");
    private static final Question QUESTION = Question.of(VerifyRequest.of("a"));

    private long nanos = 1_000_000_000_000L;
    private final Answers answers =
            new Answers(Duration.ofSeconds(5), 3, () -> nanos, Clock.fixed(NOW, ZoneOffset.UTC));

    AnswersTest() {
        pass(Duration.ofSeconds(2));
    }

    @Test
    void isUsedUntilItsAgeAndNotALittleLonger() {
        answers.keep(QUESTION, valid(60, 60), nanos);
        pass(Duration.ofMillis(4999));
        assertTrue(answers.use(QUESTION, 1).isPresent());
        pass(Duration.ofMillis(1));
        assertFalse(answers.use(QUESTION, 1).isPresent());
    }

    @Test
    void itsAgeCountsFromTheQuestion() {
        var sent = nanos;
        pass(Duration.ofSeconds(5));
        answers.keep(QUESTION, valid(60, 60), sent);
        assertFalse(answers.use(QUESTION, 1).isPresent());
    }

    @Test
    void noneIsUsedUntilItsCredentialEndsByAClockThatIsAMinuteSlow() {
        answers.keep(QUESTION, valid(NOW.plusSeconds(60)), nanos);
        assertFalse(answers.use(QUESTION, 1).isPresent());
        answers.keep(QUESTION, valid(NOW.plusSeconds(62)), nanos);
        pass(Duration.ofMillis(1999));
        assertTrue(answers.use(QUESTION, 1).isPresent());
        pass(Duration.ofMillis(1));
        assertFalse(answers.use(QUESTION, 1).isPresent());
        answers.keep(QUESTION, valid(Instant.MAX), nanos);
        assertTrue(answers.use(QUESTION, 1).isPresent());
    }

    @ParameterizedTest
    @EnumSource(Verification.Code.class)
    void refusalsThatNoLimitCausedAreKept(Verification.Code code) {
        answers.keep(QUESTION, answer(code, Optional.empty(), Optional.empty(), List.of()), nanos);
        var kept = answers.use(QUESTION, 1).isPresent();
        assertEquals(
                switch (code) {
                    case RATE_LIMITED, USAGE_EXCEEDED, UNAVAILABLE, UNVERIFIED, UNKNOWN -> false;
                    default -> true;
                },
                kept);
        assertEquals(code == Verification.Code.VALID ? 1 : 0, answers.takeOwed(QUESTION, 1));
    }

    @Test
    void anAnswerNearALimitOrWithCreditsIsNotKept() {
        answers.keep(QUESTION, valid(100, 10), nanos);
        assertFalse(answers.use(QUESTION, 1).isPresent());
        var credits = Optional.of(new Verification.Credits(1000, Map.of()));
        answers.keep(QUESTION, answer(Verification.Code.VALID, Optional.empty(), credits, List.of()), nanos);
        assertFalse(answers.use(QUESTION, 1).isPresent());
    }

    @Test
    void anAnswerThatTookASlotIsNotKept() {
        var slots = List.of(new Verification.RateLimit("concurrent_requests", 100, 99, 60));
        answers.keep(QUESTION, answer(Verification.Code.VALID, Optional.empty(), Optional.empty(), slots), nanos);
        assertFalse(answers.use(QUESTION, 1).isPresent());
        // Whatever its limit is called.
        var lease =
                "{\"valid\":true,\"code\":\"VALID\",\"lease\":{\"id\":\"l\",\"expires_at\":\"2030-01-31T12:00:00Z\"}}";
        answers.keep(QUESTION, Wire.verification(Wire.object(lease.getBytes(StandardCharsets.UTF_8))), nanos);
        assertFalse(answers.use(QUESTION, 1).isPresent());
    }

    @Test
    void isUsedDownToATenthOfTheLimit() {
        answers.keep(QUESTION, valid(100, 15), nanos);
        assertFalse(answers.use(QUESTION, 6).isPresent());
        answers.keep(QUESTION, valid(100, 15), nanos);
        for (var i = 0; i < 5; i++) {
            assertTrue(answers.use(QUESTION, 1).isPresent());
        }
        assertFalse(answers.use(QUESTION, 1).isPresent());
        assertEquals(5, answers.takeOwed(QUESTION, 1));
        assertEquals(0, answers.takeOwed(QUESTION, 1));
    }

    @Test
    void whatIsOwedOutlivesTheAnswerAndIsNeverMoreThanALimitCanGive() {
        answers.keep(QUESTION, valid(100, 100), nanos);
        answers.use(QUESTION, 50);
        answers.forgetAll();
        var owed = answers.takeOwed(QUESTION, 1);
        assertEquals(50, owed);
        answers.giveBack(QUESTION, owed);
        // The limit was made smaller meanwhile.
        answers.bound(QUESTION, valid(20, 0));
        assertEquals(18, answers.takeOwed(QUESTION, 2));
    }

    @Test
    void garbagePushesNoDebtOut() {
        answers.keep(QUESTION, valid(100, 100), nanos);
        answers.use(QUESTION, 7);
        for (var i = 0; i < 1000; i++) {
            var garbage = Question.of(VerifyRequest.of("garbage " + i));
            answers.keep(
                    garbage, answer(Verification.Code.MALFORMED, Optional.empty(), Optional.empty(), List.of()), nanos);
            answers.use(garbage, 1);
        }
        assertEquals(3, answers.size());
        assertEquals(7, answers.takeOwed(QUESTION, 1));
    }

    @Test
    void ofManyDebtorsTheOldestAreForgiven() {
        var questions = List.of("a", "b", "c", "d").stream()
                .map(token -> Question.of(VerifyRequest.of(token)))
                .toList();
        for (var question : questions) {
            answers.keep(question, valid(100, 100), nanos);
            answers.use(question, 7);
        }
        assertEquals(
                List.of(0L, 7L, 7L, 7L),
                questions.stream()
                        .map(question -> answers.takeOwed(question, 1))
                        .toList());
    }

    @Test
    void whatIsGivenBackIsStillNoMoreThanALimitCanGive() {
        answers.keep(QUESTION, valid(60, 60), nanos);
        answers.use(QUESTION, 50);
        answers.giveBack(QUESTION, answers.takeOwed(QUESTION, 1));
        assertEquals(30, answers.takeOwed(QUESTION, 30));
    }

    @Test
    void whatWasAskedBeforeOrSoonAfterAChangeIsNotKept() {
        var before = nanos;
        pass(Duration.ofMillis(10));
        answers.forget(List.of(QUESTION.name()));
        answers.keep(QUESTION, valid(60, 60), before);
        assertFalse(answers.use(QUESTION, 1).isPresent());
        pass(Duration.ofMillis(999));
        answers.keep(QUESTION, valid(60, 60), nanos);
        assertFalse(answers.use(QUESTION, 1).isPresent());
        answers.keep(Question.of(VerifyRequest.of("b")), valid(60, 60), nanos);
        assertTrue(answers.use(Question.of(VerifyRequest.of("b")), 1).isPresent());
        pass(Duration.ofMillis(1));
        answers.keep(QUESTION, valid(60, 60), nanos);
        assertTrue(answers.use(QUESTION, 1).isPresent());
    }

    @Test
    void norIsWhatWasAskedBeforeOrSoonAfterAReset() {
        answers.keep(QUESTION, valid(60, 60), nanos);
        answers.forgetAll();
        assertFalse(answers.use(QUESTION, 1).isPresent());
        pass(Duration.ofMillis(999));
        answers.keep(QUESTION, valid(60, 60), nanos);
        assertFalse(answers.use(QUESTION, 1).isPresent());
        pass(Duration.ofMillis(1));
        answers.keep(QUESTION, valid(60, 60), nanos);
        assertTrue(answers.use(QUESTION, 1).isPresent());
    }

    @Test
    void aChangeForgetsEveryQuestionAboutTheToken() {
        var other = Question.of(VerifyRequest.of("a").withScopes("x:y"));
        answers.keep(QUESTION, valid(60, 60), nanos);
        answers.keep(other, valid(60, 60), nanos);
        answers.forget(List.of("unknown", QUESTION.name()));
        assertFalse(answers.use(QUESTION, 1).isPresent());
        assertFalse(answers.use(other, 1).isPresent());
    }

    @Test
    void asManyAreKeptAsWereAllowedAndTheOnesLastUsedStay() {
        var questions = List.of("a", "b", "c", "d").stream()
                .map(token -> Question.of(VerifyRequest.of(token)))
                .toList();
        questions.subList(0, 3).forEach(question -> answers.keep(question, valid(60, 60), nanos));
        answers.use(questions.get(0), 1);
        answers.keep(questions.get(3), valid(60, 60), nanos);
        assertEquals(3, answers.size());
        assertTrue(answers.use(questions.get(0), 1).isPresent());
        assertFalse(answers.use(questions.get(1), 1).isPresent());
        assertTrue(answers.use(questions.get(3), 1).isPresent());
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private static Verification valid(long limit, long remaining) {
        return answer(
                Verification.Code.VALID,
                Optional.empty(),
                Optional.empty(),
                List.of(new Verification.RateLimit("minute", limit, remaining, 60)));
    }

    private static Verification valid(Instant expiresAt) {
        return answer(Verification.Code.VALID, Optional.of(expiresAt), Optional.empty(), List.of());
    }

    private static Verification answer(
            Verification.Code code,
            Optional<Instant> expiresAt,
            Optional<Verification.Credits> credits,
            List<Verification.RateLimit> limits) {
        return new Verification(
                code == Verification.Code.VALID,
                code,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                expiresAt,
                Map.of(),
                credits,
                limits,
                List.of(),
                OptionalLong.empty(),
                Optional.empty());
    }
}
