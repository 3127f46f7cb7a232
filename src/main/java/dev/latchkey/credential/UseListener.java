package dev.latchkey.credential;

import dev.latchkey.platform.http.RequestFacts;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Hears of each use of a credential that has a {@link Credential.Label}. Runs on the event loop that answers: it must not block, nor fail. */
public interface UseListener {

    /**
     * @param endpoint what was used, as reports call it
     * @param status what the holder was answered, or whoever asked about the holder may answer
     * @param facts of the request that was made here; its address may be that of who asked, and not of the holder
     */
    record Use(String endpoint, String method, int status, Duration took, String address, RequestFacts facts) {}

    void used(Credential credential, Use use);

    /** Tells all of them; that one fails is no matter of whoever waits for an answer. */
    static void tell(List<UseListener> listeners, Credential credential, Use use) {
        for (var listener : listeners) {
            try {
                listener.used(credential, use);
            } catch (RuntimeException e) {
                Logger.getLogger(UseListener.class).error("A use could not be told", e);
            }
        }
    }
}
