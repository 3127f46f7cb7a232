package dev.latchkey.platform.crypto;

/** A ciphertext was changed, moved from another place, or sealed by a key that the keyset lacks. */
public final class UnreadableSealException extends IllegalStateException {

    UnreadableSealException(Sealed sealed, Place place) {
        super("Cannot open " + place + " " + sealed);
    }
}
