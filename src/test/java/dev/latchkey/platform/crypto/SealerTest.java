package dev.latchkey.platform.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyTemplates;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sealed opens where it was put, with the key it was put there with, and nowhere else. */
class SealerTest {

    private static final Place HERE = new Place("bots", "token", "1");
    private static final Secret SECRET = new Secret("a secret with \u00e9 and \ud83d\ude00");

    @Test
    void whatWasSealedOpens() throws GeneralSecurityException {
        var sealer = sealer(newKeyset());
        var sealed = sealer.seal(SECRET, HERE);
        assertEquals(SECRET, sealer.open(sealed, HERE));
        assertFalse(new String(sealed.ciphertext(), StandardCharsets.ISO_8859_1).contains("secret"));
    }

    @Test
    void aCiphertextThatWasMovedDoesNotOpen() throws GeneralSecurityException {
        var sealer = sealer(newKeyset());
        var sealed = sealer.seal(SECRET, HERE);
        for (var place : new Place[] {
            new Place("bots", "token", "2"),
            new Place("bots", "hash", "1"),
            new Place("users", "token", "1"),
            new Place("bots", "token\n1", "")
        }) {
            assertThrows(IllegalStateException.class, () -> sealer.open(sealed, place), place.toString());
        }
    }

    @Test
    void aCiphertextThatWasChangedDoesNotOpen() throws GeneralSecurityException {
        var sealer = sealer(newKeyset());
        var sealed = sealer.seal(SECRET, HERE);
        for (var i = 0; i < sealed.ciphertext().length; i++) {
            var changed = sealed.ciphertext().clone();
            changed[i] ^= 1;
            assertThrows(IllegalStateException.class, () -> sealer.open(new Sealed(changed, sealed.keyId()), HERE));
        }
    }

    @Test
    void anotherKeyDoesNotOpen() throws GeneralSecurityException {
        var sealed = sealer(newKeyset()).seal(SECRET, HERE);
        var other = sealer(newKeyset());
        var failure = assertThrows(IllegalStateException.class, () -> other.open(sealed, HERE));
        assertFalse(String.valueOf(failure.getMessage()).contains("secret with"));
    }

    @Test
    void theSameSecretIsSealedDifferentlyEachTime() throws GeneralSecurityException {
        var sealer = sealer(newKeyset());
        assertNotEquals(
                java.util.HexFormat.of().formatHex(sealer.seal(SECRET, HERE).ciphertext()),
                java.util.HexFormat.of().formatHex(sealer.seal(SECRET, HERE).ciphertext()));
    }

    @Test
    void aKeysetInAFileIsReadAndABadOneIsRefusedWithoutBeingQuoted(@TempDir Path folder)
            throws GeneralSecurityException, IOException {
        var keyset = newKeyset();
        var file = Files.writeString(folder.resolve("keyset.json"), keyset);
        var sealed = sealer(keyset).seal(SECRET, HERE);
        assertEquals(SECRET, new Sealer(config(null, file.toString())).open(sealed, HERE));

        var broken = keyset.replace("AesGcmKey", "Nonsense");
        var failure = assertThrows(IllegalStateException.class, () -> sealer(broken));
        assertEquals("LATCHKEY_KEYSET is not a Tink AEAD keyset in JSON with a primary key", failure.getMessage());
        assertEquals(null, failure.getCause());
        assertThrows(IllegalStateException.class, () -> new Sealer(config(null, null)));
    }

    @Test
    void neitherASecretNorASealedOneShowsItself() {
        assertEquals("[secret]", SECRET.toString());
        assertEquals("[sealed by key 7]", new Sealed(new byte[] {1, 2}, 7).toString());
    }

    private static Sealer sealer(String keyset) {
        return new Sealer(config(keyset, null));
    }

    private static CryptoConfig config(@Nullable String json, @Nullable String file) {
        return new CryptoConfig() {
            @Override
            public Optional<String> json() {
                return Optional.ofNullable(json);
            }

            @Override
            public Optional<String> file() {
                return Optional.ofNullable(file);
            }
        };
    }

    private static String newKeyset() throws GeneralSecurityException {
        AeadConfig.register();
        return TinkJsonProtoKeysetFormat.serializeKeyset(
                KeysetHandle.generateNew(KeyTemplates.get("AES256_GCM")), InsecureSecretKeyAccess.get());
    }
}
