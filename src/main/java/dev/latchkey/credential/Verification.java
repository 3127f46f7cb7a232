package dev.latchkey.credential;

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

    /** It may not. */
    record Refused(VerificationCode code) implements Verification {}
}
