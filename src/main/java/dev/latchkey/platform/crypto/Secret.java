package dev.latchkey.platform.crypto;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** A text that must not reach a log or an answer: it shows itself only to who asks by {@link #reveal}. */
public final class Secret {

    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    /** The text itself. Call it where it is sealed, hashed, compared or, once, handed to its owner. */
    @JsonIgnore
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "[secret]";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && Digests.sameSecret(text, secret.text);
    }

    @Override
    public int hashCode() {
        return 0;
    }
}
