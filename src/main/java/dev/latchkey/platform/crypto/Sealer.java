package dev.latchkey.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.util.Set;

/** Seals and opens the secrets that are stored, by Tink AEAD with the operator's keyset. */
@ApplicationScoped
public class Sealer {

    private final Keyset keyset;

    Sealer(CryptoConfig config) {
        keyset = Keyset.read(config);
    }

    public Sealed seal(Secret secret, Place place) {
        try {
            var ciphertext = keyset.aead().encrypt(secret.reveal().getBytes(UTF_8), place.associatedData());
            return new Sealed(ciphertext, keyset.primaryKeyId());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot seal " + place, e);
        }
    }

    /** @throws UnreadableSealException if the ciphertext was changed, moved, or sealed by a key that the keyset lacks */
    public Secret open(Sealed sealed, Place place) {
        try {
            return new Secret(new String(keyset.aead().decrypt(sealed.ciphertext(), place.associatedData()), UTF_8));
        } catch (GeneralSecurityException e) {
            throw new UnreadableSealException(sealed, place);
        }
    }

    /** The id of the key that seals new data. */
    public long primaryKeyId() {
        return keyset.primaryKeyId();
    }

    /** The ids of all keys that open. */
    public Set<Long> keyIds() {
        return keyset.keyIds();
    }
}
