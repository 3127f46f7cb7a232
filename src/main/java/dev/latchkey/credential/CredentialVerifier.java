package dev.latchkey.credential;

import dev.latchkey.platform.caller.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a kind of credential must know to be verified like all others. */
public interface CredentialVerifier {

    Caller.Kind kind();

    /** Whether a text has the shape of this kind. No two kinds recognise the same text. No I/O. */
    boolean recognises(String text);

    /** Whether a text that is recognised could have been issued here: its checksum or signature. No I/O. */
    boolean isGenuine(String text);

    /** The credential whose text has this SHA-256 digest, whatever its state. Blocking, in no transaction of the caller's. */
    Optional<Credential> load(byte[] digest);

    /** The tenant's credentials of this kind that are not revoked or expired, for whoever examines them. Blocking, in a transaction. */
    List<CredentialSummary> inventory(UUID tenantId);
}
