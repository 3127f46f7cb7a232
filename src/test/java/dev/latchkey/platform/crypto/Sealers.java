package dev.latchkey.platform.crypto;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Sealers with keysets of the test's own: one key, and the same with a second key that seals. */
public record Sealers(Sealer first, Sealer second) {

    public static Sealers inRotation() {
        try {
            AeadConfig.register();
            var one = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            var fresh = KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM);
            var two = KeysetHandle.newBuilder(one)
                    .addEntry(fresh.withRandomId().makePrimary())
                    .build();
            return new Sealers(sealer(one), sealer(two));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Sealer sealer(KeysetHandle keyset) throws GeneralSecurityException {
        var json = TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get());
        return new Sealer(new CryptoConfig() {
            @Override
            public Optional<String> json() {
                return Optional.of(json);
            }

            @Override
            public Optional<String> file() {
                return Optional.empty();
            }
        });
    }
}
