package dev.latchkey.platform.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The operator's Tink keyset, read.
 *
 * @param primaryKeyId the key that new data is sealed with
 * @param keyIds every key that opens, the primary among them
 */
record Keyset(Aead aead, long primaryKeyId, Set<Long> keyIds) {

    /** @throws KeysetException saying what is wrong; never quoting the keyset */
    static Keyset read(CryptoConfig config) {
        var source = config.json().isPresent() ? "LATCHKEY_KEYSET" : "LATCHKEY_KEYSET_FILE";
        try {
            AeadConfig.register();
            var handle = TinkJsonProtoKeysetFormat.parseKeyset(text(config), InsecureSecretKeyAccess.get());
            return new Keyset(
                    handle.getPrimitive(RegistryConfiguration.get(), Aead.class),
                    Integer.toUnsignedLong(handle.getPrimary().getId()),
                    enabled(handle));
        } catch (GeneralSecurityException | IllegalStateException e) {
            // The cause may quote the keyset: it is named here, and not passed on.
            throw new KeysetException(source, "is not a Tink AEAD keyset in JSON with a primary key");
        }
    }

    private static Set<Long> enabled(KeysetHandle handle) {
        return IntStream.range(0, handle.size())
                .mapToObj(handle::getAt)
                .filter(key -> key.getStatus() == KeyStatus.ENABLED)
                .map(key -> Integer.toUnsignedLong(key.getId()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String text(CryptoConfig config) {
        return config.json().orElseGet(() -> config.file()
                .map(Keyset::readFile)
                .orElseThrow(() -> new KeysetException("LATCHKEY_KEYSET", "is missing")));
    }

    private static String readFile(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new KeysetException("LATCHKEY_KEYSET_FILE", "cannot be read (" + e + ")");
        }
    }
}
