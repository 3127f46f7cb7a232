package dev.latchkey.credential;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** What came of looking at a credential. */
public sealed interface Verification {

    VerificationCode code();

    /** It may be used, now and from that address. What for, and how often, is decided elsewhere. */
    record Valid(Credential credential) implements Verification {
        @Override
        public VerificationCode code() {
            return VerificationCode.VALID;
        }
    }

    /**
     * It may not.
     *
     * @param credential what is known of it; absent for garbage, and for what does not exist
     */
    record Refused(VerificationCode code, Optional<Credential> credential) implements Verification {}

    /** The checks of a credential's own state, in their order. Pure. */
    static Verification of(Optional<Credential> found, Instant now, Predicate<Credential> isAllowedHere) {
        if (found.isEmpty()) {
            return new Refused(VerificationCode.NOT_FOUND, found);
        }
        var credential = found.get();
        // Whatever the time says: the clock of the replica that revoked it may be ahead of ours.
        if (credential.revokedAt().isPresent()) {
            return new Refused(VerificationCode.REVOKED, found);
        }
        if (!credential.enabled()) {
            return new Refused(VerificationCode.DISABLED, found);
        }
        if (credential.expiresAt().isPresent()
                && !now.isBefore(credential.expiresAt().get())) {
            return new Refused(VerificationCode.EXPIRED, found);
        }
        return isAllowedHere.test(credential)
                ? new Valid(credential)
                : new Refused(VerificationCode.FORBIDDEN_IP, found);
    }
}
