package dev.latchkey.example;

import dev.latchkey.client.LatchkeyClient;
import dev.latchkey.client.LatchkeyException;
import dev.latchkey.client.VerifyRequest;

/**
 * Asks whether a token may read reports: {@code LATCHKEY_URL} is where the service is, {@code LATCHKEY_TOKEN} a token of our own with the
 * scope {@code verify:tokens}, and the only argument the token in question.
 */
public final class MayUse {

    private MayUse() {}

    /**
     * Exits with 0 if it may, 1 if it may not, 2 if nobody knows.
     *
     * @param arguments the token in question
     */
    public static void main(String[] arguments) {
        var builder = LatchkeyClient.builder(System.getenv("LATCHKEY_URL"), System.getenv("LATCHKEY_TOKEN"));
        try (var latchkey = builder.withoutCache().build()) {
            var answer = latchkey.verify(VerifyRequest.of(arguments[0]).withScopes("read:reports"));
            System.out.println(answer.code() + " " + answer.rateLimits());
            // Nothing was done with it: a slot that it took is free again.
            answer.lease().ifPresent(lease -> latchkey.release(arguments[0], lease.id()));
            System.exit(answer.valid() ? 0 : 1);
        } catch (LatchkeyException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }
}
