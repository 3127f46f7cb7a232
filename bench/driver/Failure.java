/** What makes the figures worthless. */
final class Failure extends RuntimeException {
    Failure(String message) {
        super(message, null, false, false);
    }
}
