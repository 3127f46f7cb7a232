package dev.latchkey.credential;

/** What a check of a credential came to; the words of {@code POST /api/v1/verify}, in the order in which the checks run. */
public enum VerificationCode {
    VALID,
    MALFORMED,
    NOT_FOUND,
    REVOKED,
    DISABLED,
    EXPIRED,
    FORBIDDEN_IP,
    INSUFFICIENT_SCOPE,
    RATE_LIMITED,
    USAGE_EXCEEDED,
    /** No check's outcome: nobody could decide. */
    UNAVAILABLE
}
