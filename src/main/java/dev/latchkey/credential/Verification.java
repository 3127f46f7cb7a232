package dev.latchkey.credential;

import java.util.Optional;

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
}
