package dev.latchkey.verification;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.limit.LimitDecision;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of a {@link Question}.
 *
 * @param credential absent where the asker shall not know more
 * @param limits absent if a check before them refused
 * @param lease of the slot that was taken, if there are slots
 * @param retryAfterSeconds until the same question may be answered otherwise, where limits or credits refused and time helps
 */
public record Outcome(
        VerificationCode code,
        Optional<Credential> credential,
        Optional<LimitDecision> limits,
        Optional<Lease> lease,
        Optional<Long> retryAfterSeconds) {

    /**
     * The right to be under way.
     *
     * @param expiresAt the slot is free again then, if it is not given back before
     */
    public record Lease(String id, Instant expiresAt) {}

    static Outcome refused(VerificationCode code, Optional<Credential> credential) {
        return new Outcome(code, credential, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public boolean isValid() {
        return code == VerificationCode.VALID;
    }
}
