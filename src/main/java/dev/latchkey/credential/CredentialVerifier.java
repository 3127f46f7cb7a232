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

    /**
     * What {@link #isGenuine} cannot tell without delay or work, such as whether the signature is ours. On a worker thread, before the text is
     * looked for; it is not asked again while the credential is in memory.
     */
    default boolean isIssued(String text) {
        return true;
    }

    /** What {@link #isIssued} costs, which somebody has to pay for. */
    default Work work(String text) {
        return Work.NONE;
    }

    /** What it takes to look at a text. */
    enum Work {
        NONE,
        /** A fraction of a millisecond. */
        SIGNATURE,
        /** As much as a password: up to a second. */
        HASH
    }

    /** The credentials whose texts have these SHA-256 digests, in their order, whatever their state. Blocking, in no transaction of the caller's. */
    List<Optional<Credential>> load(List<byte[]> digests);

    /** The same for one. */
    default Optional<Credential> load(byte[] digest) {
        return load(List.of(digest)).getFirst();
    }

    /**
     * Revokes a credential of this kind, and whatever the kind says ends with it; a second time changes nothing. Blocking: in a
     * transaction, with its audit row and {@link CredentialChanged}.
     *
     * @throws dev.latchkey.platform.problem.Problem {@code not_found} if the tenant has none with this id
     */
    void revoke(UUID tenantId, UUID id);

    /** The tenant's credentials of this kind that are not revoked or expired, for whoever examines them. Blocking, in a transaction. */
    List<CredentialSummary> inventory(UUID tenantId);
}
