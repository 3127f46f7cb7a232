package dev.latchkey.signing;

/** What one feature signs with the keys of this installation. Each feature that signs implements it. */
public interface SignedCredentials {

    /** The word for them in answers, such as {@code sessions}. */
    String word();

    /** How many hold a token that this key signed and that is valid now. Called in a transaction. */
    long countSignedBy(String kid);

    /** The key is withdrawn: what it signed is refused from now on. Called in the transaction of that. */
    default void withdrawn(String kid) {}
}
