package dev.latchkey.credential;

import dev.latchkey.platform.http.RequestFacts;
import java.time.Duration;

/** Hears of each use of a credential that has a {@link Credential.Label}. Runs on the event loop that answers: it must not block, nor fail. */
public interface UseListener {

    /**
     * @param endpoint what was used, as reports call it
     * @param status what the holder was answered, or whoever asked about the holder may answer
     * @param facts of the request that was made here; its address may be that of who asked, and not of the holder
     */
    record Use(String endpoint, String method, int status, Duration took, String address, RequestFacts facts) {}

    void used(Credential credential, Use use);
}
