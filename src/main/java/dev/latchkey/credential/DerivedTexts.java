package dev.latchkey.credential;

import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import io.smallrye.mutiny.Uni;
import java.time.Instant;

/**
 * Texts that are nobody's row, and stand for a credential: for some of its scopes, and for a short time. They use its limits, and die with
 * it. Whoever derives them signs them.
 */
public interface DerivedTexts {

    /** What came of reading one. */
    sealed interface Reading {

        /** @param parent the SHA-256 digest of the text of the credential that it stands for */
        record Genuine(byte[] parent, Scopes scopes, Instant expiresAt) implements Reading {}

        record Expired() implements Reading {}

        record Forged() implements Reading {}
    }

    /** What the narrowed credential is called. */
    Caller.Kind kind();

    /** The kind of the credentials that they stand for. */
    Caller.Kind parents();

    /** No I/O. No other kind recognises the same. */
    boolean recognises(String text);

    /** Whether it was read a moment ago, so that it costs nothing to read it again. */
    boolean remembers(String text);

    /** Non-blocking. Fails if it cannot be known. */
    Uni<Reading> read(String text);
}
