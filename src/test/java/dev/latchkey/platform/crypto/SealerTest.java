package dev.latchkey.platform.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyTemplates;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.mac.MacConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        var failure = assertThrows(KeysetException.class, () -> sealer(broken));
        assertEquals("LATCHKEY_KEYSET is not a Tink AEAD keyset in JSON with a primary key", failure.getMessage());
        assertEquals(null, failure.getCause());
        var none = assertThrows(KeysetException.class, () -> new Sealer(config(null, null)));
        assertEquals("LATCHKEY_KEYSET is missing", none.getMessage());
        var noFile = assertThrows(
                KeysetException.class,
                () -> new Sealer(config(null, folder.resolve("none").toString())));
        assertEquals("LATCHKEY_KEYSET_FILE", noFile.setting());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{}",
                "{\"primaryKeyId\":1,\"key\":[]}",
                "not json at all",
            })
    void whatIsNoKeysetIsRefused(String text) {
        assertThrows(KeysetException.class, () -> sealer(text));
    }

    @Test
    void aKeysetWithoutPrimaryOrOfAnotherKindIsRefused() throws GeneralSecurityException {
        var keyset = newKeyset();
        assertThrows(
                KeysetException.class,
                () -> sealer(keyset.replaceAll("\"primaryKeyId\":\\d+", "\"primaryKeyId\":12345")));
        assertThrows(KeysetException.class, () -> sealer(keyset.replaceAll("\"primaryKeyId\":\\d+,", "")));
        assertThrows(KeysetException.class, () -> sealer(keyset.replace("ENABLED", "DISABLED")));
        MacConfig.register();
        var mac = TinkJsonProtoKeysetFormat.serializeKeyset(
                KeysetHandle.generateNew(KeyTemplates.get("HMAC_SHA256_256BITTAG")), InsecureSecretKeyAccess.get());
        assertThrows(KeysetException.class, () -> sealer(mac));
    }

    @Test
    void aCiphertextThatWasCutOffDoesNotOpen() throws GeneralSecurityException {
        var sealer = sealer(newKeyset());
        var sealed = sealer.seal(SECRET, HERE);
        for (var length = 0; length < sealed.ciphertext().length; length++) {
            var cut = new Sealed(Arrays.copyOf(sealed.ciphertext(), length), sealed.keyId());
            assertThrows(UnreadableSealException.class, () -> sealer.open(cut, HERE));
        }
    }

    @Test
    void theOperatorsCommandsRotateAKeyset() {
        var first = command("", "new");
        var both = command(first, "add");
        var ids = command(both, "list").lines().toList();
        assertEquals(2, ids.size());
        assertTrue(ids.getFirst().endsWith(" primary"), "the first key stays primary");
        var old = ids.getFirst().replace(" primary", "");
        var promoted = command(both, "promote", ids.getLast());
        var second = command(promoted, "remove", old);

        var sealed = sealer(first).seal(SECRET, HERE);
        assertEquals(SECRET, sealer(both).open(sealed, HERE));
        assertEquals(sealed.keyId(), sealer(both).primaryKeyId());
        assertEquals(SECRET, sealer(promoted).open(sealed, HERE));
        assertEquals(ids.getLast(), Long.toString(sealer(promoted).primaryKeyId()));
        assertEquals(2, sealer(promoted).keyIds().size());
        assertThrows(UnreadableSealException.class, () -> sealer(second).open(sealed, HERE));
    }

    @Test
    void aCommandThatCannotBeDoneSaysWhyAndWritesNothing() {
        var keyset = command("", "new");
        var id = command(keyset, "list").replace(" primary", "").strip();
        assertEquals("The primary key cannot be removed; promote another one first", refusal(keyset, "remove", id));
        assertEquals("The keyset has no key 1", refusal(keyset, "promote", "1"));
        assertEquals("Standard input holds no Tink AEAD keyset in JSON with a primary key", refusal("nonsense", "add"));
        for (var words : List.of(List.<String>of(), List.of("promote"), List.of("add", "more"), List.of("help"))) {
            assertTrue(refusal(keyset, words.toArray(String[]::new)).startsWith("usage: keyset new"));
        }
    }

    private static String command(String input, String... words) {
        var output = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        var code = run(input, output, errors, words);
        assertEquals(0, code, errors.toString(StandardCharsets.UTF_8));
        return output.toString(StandardCharsets.UTF_8);
    }

    private static String refusal(String input, String... words) {
        var output = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        assertEquals(1, run(input, output, errors, words));
        assertEquals(0, output.size());
        return errors.toString(StandardCharsets.UTF_8).strip();
    }

    private static int run(String input, OutputStream output, OutputStream errors, String... words) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new KeysetCommand(in, new PrintStream(output), new PrintStream(errors)).run(List.of(words));
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
