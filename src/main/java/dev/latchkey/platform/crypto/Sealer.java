package dev.latchkey.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** Seals and opens the secrets that are stored, by Tink AEAD with the operator's keyset. */
@ApplicationScoped
public class Sealer {

    private final Aead aead;
    private final long primaryKeyId;

    Sealer(CryptoConfig config) {
        try {
            AeadConfig.register();
            var keyset = TinkJsonProtoKeysetFormat.parseKeyset(read(config), InsecureSecretKeyAccess.get());
            aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
            primaryKeyId = Integer.toUnsignedLong(keyset.getPrimary().getId());
        } catch (GeneralSecurityException e) {
            // The cause may quote the keyset: it is named here, and not passed on.
            throw new IllegalStateException("LATCHKEY_KEYSET is not a Tink AEAD keyset in JSON with a primary key");
        }
    }

    public Sealed seal(Secret secret, Place place) {
        try {
            return new Sealed(aead.encrypt(secret.reveal().getBytes(UTF_8), place.associatedData()), primaryKeyId);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot seal " + place, e);
        }
    }

    /** @throws IllegalStateException if the ciphertext was changed, moved, or sealed by a key that the keyset lacks */
    public Secret open(Sealed sealed, Place place) {
        try {
            return new Secret(new String(aead.decrypt(sealed.ciphertext(), place.associatedData()), UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot open " + place + " " + sealed, e);
        }
    }

    private static String read(CryptoConfig config) {
        return config.json()
                .orElseGet(
                        () -> readFile(
                                config.file()
                                        .orElseThrow(
                                                () -> new IllegalStateException(
                                                        "No keyset: set LATCHKEY_KEYSET to a Tink AEAD keyset in JSON, or LATCHKEY_KEYSET_FILE to a file with one"))));
    }

    private static String readFile(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException("LATCHKEY_KEYSET_FILE cannot be read: " + file, e);
        }
    }
}
