package dev.latchkey.botcall;

import dev.latchkey.governor.RecentCall;
import java.time.Instant;
import java.util.List;

/** The last calls of a bot, newest first. */
record ActivityView(List<Call> calls) {

    /**
     * One that has ended.
     *
     * @param outcome {@code ok}, {@code refused} by Telegram, {@code rate_limited}, or {@code failed} without an answer
     * @param status 200, Telegram's error code, or 0 if there was no answer
     */
    record Call(Instant at, String method, String outcome, int status, long latencyMs) {

        static Call of(RecentCall call) {
            var outcome =
                    switch (call.status()) {
                        case 200 -> "ok";
                        case 429 -> "rate_limited";
                        case 0 -> "failed";
                        default -> "refused";
                    };
            return new Call(
                    call.at(),
                    call.method(),
                    outcome,
                    call.status(),
                    call.took().toMillis());
        }
    }

    static ActivityView of(List<RecentCall> calls) {
        return new ActivityView(calls.stream().map(Call::of).toList());
    }
}
