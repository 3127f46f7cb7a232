package dev.latchkey.verification;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.limit.LimitDecision;
import java.util.Optional;

/**
 * What came of a {@link Question}.
 *
 * @param credential absent where the asker shall not know more
 * @param limits absent if a check before them refused
 */
record Outcome(VerificationCode code, Optional<Credential> credential, Optional<LimitDecision> limits) {

    static Outcome refused(VerificationCode code, Optional<Credential> credential) {
        return new Outcome(code, credential, Optional.empty());
    }

    boolean isValid() {
        return code == VerificationCode.VALID;
    }

    /** The HTTP status that stands for it in reports. */
    int status() {
        return switch (code) {
            case VALID -> 200;
            case MALFORMED, NOT_FOUND, REVOKED, DISABLED, EXPIRED -> 401;
            case FORBIDDEN_IP, INSUFFICIENT_SCOPE -> 403;
            case RATE_LIMITED, USAGE_EXCEEDED -> 429;
        };
    }
}
