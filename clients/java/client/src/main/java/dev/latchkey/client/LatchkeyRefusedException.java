package dev.latchkey.client;

/** The service refused the question itself: the client's own token, or a field of the request. Asking again does not help. */
public final class LatchkeyRefusedException extends LatchkeyException {

    private static final long serialVersionUID = 1L;

    /** The HTTP status. */
    private final int status;

    /** The word of the problem. */
    private final String code;

    LatchkeyRefusedException(int status, String code, String detail) {
        super("The service refused the question: " + status + " " + code + (detail.isEmpty() ? "" : ": " + detail));
        this.status = status;
        this.code = code;
    }

    /**
     * The HTTP status.
     *
     * @return 400 to 499
     */
    public int status() {
        return status;
    }

    /**
     * The {@code code} of the problem.
     *
     * @return a stable word, such as {@code insufficient_scope}; empty if the answer held none
     */
    public String code() {
        return code;
    }
}
