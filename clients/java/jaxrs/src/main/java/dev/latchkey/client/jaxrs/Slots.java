package dev.latchkey.client.jaxrs;

import dev.latchkey.client.LatchkeyClient;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The slots that a request holds. Each is given back once, without waiting; should that fail, its lease ends it.
 *
 * <p>With CDI the end of the request's scope gives them back: that comes after the last byte of the answer, and also when a resource fails
 * with what no mapper knows, which response filters do not hear of everywhere.
 */
@RequestScoped
class Slots {

    /** The property of a request whose slots end with its scope. */
    static final String OF_SCOPE = "dev.latchkey.client.slots.scope";

    /** The property of a request whose slots end with the response filter. */
    static final String OF_FILTER = "dev.latchkey.client.slots.filter";

    // Not as data: nothing that prints this may print a token.
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    void hold(LatchkeyClient latchkey, String token, String lease) {
        held.add(() -> latchkey.releaseAsync(token, lease));
    }

    @PreDestroy
    void release() {
        for (var slot = held.poll(); slot != null; slot = held.poll()) {
            slot.run();
        }
    }
}
