package dev.latchkey.local;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * The keyset that seals secrets in the local database. It lies beside that database, in clear, readable for its owner:
 * good enough for data on a developer's machine, and made only when the database is ours.
 */
public final class LocalKeyset {

    private LocalKeyset() {}

    /** The keyset in {@code file} as Tink's JSON, made there at first use. */
    static String in(Path file) {
        try {
            if (Files.notExists(file)) {
                OwnerFile.write(file, generate());
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new LocalProblem("The keyset " + file + " that seals local secrets cannot be read or made (" + e
                    + "). Give its" + " folder to the user who runs Latchkey, or set LATCHKEY_DATA_DIR to another.");
        }
    }

    /** A new keyset of one AES-256-GCM key, as Tink's JSON, in clear. */
    public static String generate() {
        try {
            AeadConfig.register();
            var keyset = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink makes AES-256-GCM keys", e);
        }
    }
}
