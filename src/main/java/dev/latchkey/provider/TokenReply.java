package dev.latchkey.provider;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What came of asking a token endpoint. */
public sealed interface TokenReply {

    /** @param secret which of the client's secrets it took, from 0 */
    record Granted(Tokens tokens, int secret) implements TokenReply {}

    /**
     * The provider says no, and would say so again.
     *
     * @param error its code (RFC 6749, section 5.2)
     * @param isOver whether the grant, or the code, is over for good
     */
    record Refused(String error, boolean isOver) implements TokenReply {

        static final String INVALID_CLIENT = "invalid_client";

        // What it is at GitHub, and at Slack.
        private static final Set<String> OF_CLIENT =
                Set.of(INVALID_CLIENT, "incorrect_client_credentials", "bad_client_secret", "invalid_client_id");

        /** Whether it is the client that is not accepted, whatever it asks for. */
        public boolean isOfClient() {
            return OF_CLIENT.contains(error);
        }
    }

    /**
     * No answer, or none that means anything; later there may be a better one.
     *
     * @param why in some words, without anything of the answer
     * @param retryAfter how long the provider asks to be left alone
     * @param isOfProvider whether it would fail for every client, as far as can be told: it is not reached, or broken
     */
    record Failed(String why, Optional<Duration> retryAfter, boolean isOfProvider) implements TokenReply {}
}
