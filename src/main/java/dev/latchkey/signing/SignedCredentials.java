package dev.latchkey.signing;

/** What one feature signs with the keys of this installation. Each feature that signs implements it. */
public interface SignedCredentials {

    /** The word for them in answers, such as {@code sessions}. */
    String word();

    /** How many hold a token that this key signed and that is valid now. Called in a transaction. */
    long countSignedBy(String kid);

    /**
     * Ends what was signed by keys that are withdrawn; what is ended already is left alone. Called after a withdrawal, in no transaction, and now
     * and then: whoever was at it may have died. Blocking.
     */
    default void endWithdrawn() {}
}
