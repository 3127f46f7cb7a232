package dev.latchkey.botimport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.macasaet.fernet.Key;
import com.macasaet.fernet.Token;
import dev.latchkey.platform.problem.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What opens, and what does not, by the vectors of the specification (github.com/fernet/spec: generate.json, verify.json, invalid.json) and by those of others. */
class FernetTest {

    private static final String KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private static final String HELLO =
            "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
    private static final String OTHER_KEY = "b2xkZXIta2V5LW9mLXRoZS1vdGhlci1zZXJ2aWNlLi4=";

    private static Optional<String> open(String token) {
        return Fernet.of(List.of(KEY)).open(token);
    }

    @Test
    void whatTheSpecificationMakesIsOpenedHoweverOldItIs() {
        assertEquals(Optional.of("hello"), open(HELLO));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Incorrect mac, too short, invalid base64, payload size not multiple of block size, payload padding
                // error.
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==",
                "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==",
                // Incorrect IV, trailing characters, invalid characters, characters of the other base64.
                "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==",
                "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==trailingdata",
                "*gAAAAAAdwJ6wAAECAwQFBgcI!CQoLDA0ODy021?cpGVWKZ_eEwC@GM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
                "gAAAAAAdwJ6wAAEC/AwQFBgcICQoLDA0ODy+021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
                // No token at all, and one whose time is none.
                "",
                "hello",
                "gAAAAA",
                "gH__________AAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=="
            })
    void whatTheSpecificationCallsInvalidIsNotOpened(String token) {
        assertEquals(Optional.empty(), open(token));
    }

    // In the specification these are too late, and too early: columns of a database are as old as they are, and clocks
    // of other services as wrong.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==",
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q=="
            })
    void timeIsNotLookedAt(String token) {
        assertEquals(Optional.of(""), open(token));
    }

    @Test
    void whatPythonMakesIsOpened() {
        // By the package cryptography 48, of which S3 has one.
        assertEquals(
                Optional.of("gr\u00FC\u00DFe von python"),
                open(
                        "gAAAAABrA2Y4AdQuzQDOUYVxybxUfhZM_UZ0HXtaFWA3Ntky6xDCq7OnojIZoyRW7Ol40JokIEcUa9vJKKR2drgME5SEmRpErt3cqX_uid1mJLR1_5z3qk4="));
    }

    @Test
    void keysAreTriedInTheirOrderAndAnyOfThemWillDo() {
        assertEquals(Optional.of("hello"), Fernet.of(List.of(OTHER_KEY, KEY)).open(HELLO));
        assertEquals(Optional.of("hello"), Fernet.of(List.of(KEY, OTHER_KEY)).open(HELLO));
        assertEquals(Optional.empty(), Fernet.of(List.of(OTHER_KEY)).open(HELLO));
        assertEquals(
                Optional.of("hello"),
                Fernet.of(List.of(" " + KEY.replace("=", "") + " ")).open(HELLO));
    }

    @Test
    void whatIsNoTextIsNotOpened() {
        var token = Token.generate(new Key(KEY), new byte[] {(byte) 0xC3, 0x28});
        assertEquals(Optional.empty(), open(token.serialise()));
        assertEquals(Optional.of(""), open(Token.generate(new Key(KEY), "").serialise()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "not base64!", "AAAA", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWZnaA=="})
    void aKeyThatIsNoneIsToldWithoutShowingIt(String key) {
        var problem = assertThrows(Problem.class, () -> Fernet.of(List.of(KEY, key)));
        assertEquals(BotImportProblem.BOT_ENCRYPTION_KEY_NEEDED, problem.code());
        assertFalse(!key.isEmpty() && problem.toString().contains(key), problem.toString());
    }

    @Test
    void withoutAKeyNothingIsTried() {
        var problem = assertThrows(Problem.class, () -> Fernet.of(List.of()));
        assertEquals(BotImportProblem.BOT_ENCRYPTION_KEY_NEEDED, problem.code());
    }
}
