package dev.latchkey.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** What came of a call. Never holds the token, which was cut out of every byte; its text form has nothing of what Telegram said either. */
public sealed interface TelegramAnswer {

    /**
     * It was done.
     *
     * @param result null in JSON if there was none
     * @param body the whole answer, JSON in UTF-8
     */
    record Done(JsonNode result, byte[] body) implements TelegramAnswer {

        @Override
        public String toString() {
            return "Done[" + body.length + " bytes]";
        }
    }

    /**
     * Telegram said no.
     *
     * @param errorCode as Telegram named it, or else the status of the answer
     * @param description may be empty
     * @param retryAfter how long Telegram wants to be left alone, 1 second to 1 day
     * @param body the whole answer, JSON in UTF-8
     */
    record Refused(int errorCode, String description, Optional<Duration> retryAfter, byte[] body)
            implements TelegramAnswer {

        private static final int TOO_MANY = 429;

        /** Whether it came too soon after others: Telegram wants a pause. */
        public boolean isTooMany() {
            return errorCode == TOO_MANY;
        }

        @Override
        public String toString() {
            return "Refused[" + errorCode + ", " + retryAfter + "]";
        }
    }

    /**
     * There is no answer that says whether it was done.
     *
     * @param mayHaveArrived false only if nothing of the call was sent, so that it may be made again
     */
    record Failed(Why why, boolean mayHaveArrived) implements TelegramAnswer {}

    /** Why there is no answer. */
    enum Why {
        /** There was no connection, or it ended before the answer began. */
        UNREACHABLE,
        /** It could not leave before it was too late for that. */
        LATE,
        /** There was no whole answer in time. */
        TIMEOUT,
        /** What came was cut off, too large, or not what the Bot API answers. */
        UNREADABLE
    }
}
