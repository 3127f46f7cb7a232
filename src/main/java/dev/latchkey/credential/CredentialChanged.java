package dev.latchkey.credential;

import java.util.Base64;

/**
 * A credential is no longer what its snapshot says. Fire it in the transaction that changes it.
 *
 * @param key the digest of its text, as the near cache has it
 */
public record CredentialChanged(String key) {

    public static CredentialChanged of(byte[] digest) {
        return new CredentialChanged(key(digest));
    }

    static String key(byte[] digest) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }
}
