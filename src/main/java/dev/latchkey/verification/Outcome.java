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
 * @param retryAfterSeconds until the same question may be answered otherwise, where limits or credits refused and time helps
 */
record Outcome(
        VerificationCode code,
        Optional<Credential> credential,
        Optional<LimitDecision> limits,
        Optional<Long> retryAfterSeconds) {

    static Outcome refused(VerificationCode code, Optional<Credential> credential) {
        return new Outcome(code, credential, Optional.empty(), Optional.empty());
    }

    boolean isValid() {
        return code == VerificationCode.VALID;
    }
}
