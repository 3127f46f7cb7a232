package dev.latchkey.client;

import java.util.function.BooleanSupplier;

/**
 * A question on its way, and what is known of it.
 *
 * @param answers where answers are kept; null if none are
 * @param question null if its answer is not kept
 * @param known the answer, if it was kept; else null
 * @param owed what is charged besides the cost of the request
 */
record Asked(VerifyRequest request, Answers answers, Question question, Verification known, long owed, long sentNanos) {

    /** @param live whether kept answers may be used now */
    static Asked of(VerifyRequest request, Answers answers, boolean live) {
        // Whoever only looks wants to know how limits stand now.
        if (answers == null || request.cost() == 0) {
            return new Asked(request, null, null, null, 0, 0);
        }
        var question = Question.of(request);
        var sent = System.nanoTime();
        var known = live ? answers.use(question, request.cost()).orElse(null) : null;
        var owed = known == null ? answers.takeOwed(question, request.cost()) : 0;
        return new Asked(request, answers, question, known, owed, sent);
    }

    long cost() {
        return request.cost() + owed;
    }

    void answered(Verification answer, BooleanSupplier live) {
        if (answers == null) {
            return;
        }
        if (answer.valid()) {
            answers.settle(question);
        } else {
            // A refused question took nothing.
            answers.giveBack(question, owed);
        }
        if (answer.code() == Verification.Code.RATE_LIMITED) {
            answers.bound(question, answer);
        }
        if (live.getAsBoolean()) {
            answers.keep(question, answer, sentNanos);
        }
    }

    /** Charged again only if it surely was not: nobody pays twice for an answer that was lost. */
    void failed(Throwable failure) {
        if (answers != null && failure instanceof LatchkeyUnavailableException unavailable && unavailable.isTold()) {
            answers.giveBack(question, owed);
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Asked[" + request + "]";
    }
}
