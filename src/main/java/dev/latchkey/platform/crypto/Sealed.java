package dev.latchkey.platform.crypto;

/** A ciphertext and the id of the key that made it. */
public record Sealed(byte[] ciphertext, long keyId) {

    @Override
    public String toString() {
        return "[sealed by key " + keyId + "]";
    }
}
