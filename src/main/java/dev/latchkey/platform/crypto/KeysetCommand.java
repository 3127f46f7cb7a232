package dev.latchkey.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes and changes keysets, for operators: {@code latchkey keyset new | add | promote ID | remove ID | list}. All but {@code new} read a
 * keyset from standard input; all but {@code list} write one to standard output, in clear.
 */
public final class KeysetCommand {

    private static final String USAGE = """
            usage: keyset new          a keyset with one key
                   keyset add          one more key, which opens and does not seal yet
                   keyset promote ID   that key seals from now on
                   keyset remove ID    without that key
                   keyset list         the ids of the keys
            All but "new" read a keyset from standard input. What they write is secret.""";

    private final InputStream input;
    private final PrintStream output;
    private final PrintStream errors;

    public KeysetCommand(InputStream input, PrintStream output, PrintStream errors) {
        this.input = input;
        this.output = output;
        this.errors = errors;
    }

    /** Returns the exit code: 0, or 1 after an explanation. */
    public int run(List<String> arguments) {
        try {
            AeadConfig.register();
            run(
                    arguments.isEmpty() ? "" : arguments.getFirst(),
                    arguments.subList(Math.min(1, arguments.size()), arguments.size()));
            return 0;
        } catch (IllegalArgumentException e) {
            errors.println(e.getMessage());
        } catch (GeneralSecurityException | IOException | IllegalStateException e) {
            // The cause may quote the keyset.
            errors.println("Standard input holds no Tink AEAD keyset in JSON with a primary key");
        }
        return 1;
    }

    private void run(String verb, List<String> ids) throws GeneralSecurityException, IOException {
        switch (verb + " " + ids.size()) {
            case "new 0" -> write(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
            case "add 0" -> {
                var fresh = KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM);
                write(KeysetHandle.newBuilder(read())
                        .addEntry(fresh.withRandomId())
                        .build());
            }
            case "promote 1" -> {
                var keyset = read();
                var builder = KeysetHandle.newBuilder(keyset);
                builder.getAt(index(keyset, ids.getFirst())).makePrimary();
                write(builder.build());
            }
            case "remove 1" -> write(without(read(), ids.getFirst()));
            case "list 0" -> list(read());
            default -> throw new IllegalArgumentException(USAGE);
        }
    }

    private static KeysetHandle without(KeysetHandle keyset, String id) throws GeneralSecurityException {
        var index = index(keyset, id);
        if (keyset.getAt(index).isPrimary()) {
            throw new IllegalArgumentException("The primary key cannot be removed; promote another one first");
        }
        return KeysetHandle.newBuilder(keyset).deleteAt(index).build();
    }

    private static int index(KeysetHandle keyset, String id) {
        return IntStream.range(0, keyset.size())
                .filter(i -> id(keyset.getAt(i)).equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The keyset has no key " + id));
    }

    private static String id(KeysetHandle.Entry key) {
        return Integer.toUnsignedString(key.getId());
    }

    private void list(KeysetHandle keyset) {
        IntStream.range(0, keyset.size())
                .mapToObj(keyset::getAt)
                .forEach(key -> output.println(id(key) + (key.isPrimary() ? " primary" : "")));
    }

    private KeysetHandle read() throws GeneralSecurityException, IOException {
        return TinkJsonProtoKeysetFormat.parseKeyset(
                new String(input.readAllBytes(), UTF_8), InsecureSecretKeyAccess.get());
    }

    private void write(KeysetHandle keyset) throws GeneralSecurityException {
        output.println(TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get()));
    }
}
