package dev.latchkey.platform.crypto;

import java.util.Optional;

/** Why a secret that an operator set must not be trusted. */
public final class WeakSecret {

    private static final int FEWEST_CHARACTERS = 12;

    private WeakSecret() {}

    /** The end of a sentence that begins with the secret's name; empty for a secret that will do. */
    public static Optional<String> reason(String secret) {
        if (secret.isBlank()) {
            return Optional.of("is missing");
        }
        if (secret.length() < FEWEST_CHARACTERS) {
            return Optional.of("has fewer than " + FEWEST_CHARACTERS + " characters");
        }
        return CommonPasswords.include(secret)
                ? Optional.of("is one of the passwords that are tried first")
                : Optional.empty();
    }
}
