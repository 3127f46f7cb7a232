package dev.latchkey.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Where a sealed text lives. It is the associated data of the seal: a ciphertext copied to another place does not open. */
public record Place(String table, String column, String row) {

    byte[] associatedData() {
        return (table + '\n' + column + '\n' + row).getBytes(UTF_8);
    }
}
