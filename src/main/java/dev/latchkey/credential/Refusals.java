package dev.latchkey.credential;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;

/** What the holder of a credential is told when it is refused. Limits have words of their own ({@code limit.LimitAnswer}). */
public final class Refusals {

    private Refusals() {}

    /** @throws IllegalArgumentException for what is no refusal, or needs to be told more about */
    public static Problem of(VerificationCode code) {
        return switch (code) {
            case MALFORMED, NOT_FOUND -> new Problem(CommonProblem.INVALID_TOKEN, "The credential is not valid");
            case REVOKED -> new Problem(CommonProblem.REVOKED_TOKEN, "The credential was revoked");
            case DISABLED -> new Problem(CommonProblem.DISABLED_TOKEN, "The credential is disabled");
            case EXPIRED -> new Problem(CommonProblem.EXPIRED_TOKEN, "The credential has expired");
            case FORBIDDEN_IP ->
                new Problem(CommonProblem.FORBIDDEN_ADDRESS, "The credential may not be used from this address");
            case VALID, INSUFFICIENT_SCOPE, RATE_LIMITED, USAGE_EXCEEDED, UNAVAILABLE ->
                throw new IllegalArgumentException("Not told by its code alone: " + code);
        };
    }
}
