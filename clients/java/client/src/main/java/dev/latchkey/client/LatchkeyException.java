package dev.latchkey.client;

/** A question was not answered. Its message holds no secret. */
public class LatchkeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LatchkeyException(String message) {
        super(message);
    }

    LatchkeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
