package dev.latchkey.credential;

import java.util.Base64;
import java.util.UUID;

/**
 * A credential is no longer what its snapshot says. Fire it in the transaction that changes it.
 *
 * @param tenantId whose credential it is: other tenants are not told that anything changed
 * @param key the digest of its text, as the near cache has it
 */
public record CredentialChanged(UUID tenantId, String key) {

    public static CredentialChanged of(UUID tenantId, byte[] digest) {
        return new CredentialChanged(tenantId, key(digest));
    }

    static String key(byte[] digest) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    static byte[] digest(String key) {
        return Base64.getUrlDecoder().decode(key);
    }
}
