package dev.latchkey.client;

/** The service could not be reached, did not answer in time, or cannot answer now. Asking again later may help. */
public final class LatchkeyUnavailableException extends LatchkeyException {

    private static final long serialVersionUID = 1L;

    /** Whether the service said so, and therefore took no unit of any limit. */
    private final boolean told;

    LatchkeyUnavailableException(String message, boolean told) {
        super(message);
        this.told = told;
    }

    LatchkeyUnavailableException(String message, Throwable cause) {
        super(message, cause);
        this.told = false;
    }

    boolean isTold() {
        return told;
    }
}
