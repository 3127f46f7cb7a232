package dev.latchkey.client;

/** What a verification comes to when the service cannot be reached, does not answer in time, or answers with a 5xx. */
public enum FailurePolicy {
    /** The call fails with {@link LatchkeyUnavailableException}: nobody is let in unseen. */
    CLOSED,
    /**
     * The call answers {@link Verification.Code#UNVERIFIED}, which is valid: everybody is let in, whatever they sent, as long as the
     * service is away. For what is better open than shut only. An answer that cannot be understood, and a refusal of the client's own
     * token, still fail.
     */
    OPEN
}
