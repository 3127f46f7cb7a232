package dev.latchkey.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/** The end of a chain: how many rows it has, and the hash of the last one. */
record ChainHead(UUID chain, long position, byte[] hash) {

    private static final String FORM = "latchkey.audit.head.1";

    /** Before the first row. */
    static ChainHead beginning(UUID chain) {
        return new ChainHead(chain, 0, new byte[32]);
    }

    ChainHead after(AuditRow row, ChainKeys keys) {
        return new ChainHead(chain, position + 1, row.hash(position + 1, hash, keys));
    }

    /** The keyed hash of the end itself: who cuts off the last rows cannot write the end that would fit. */
    byte[] mac(ChainKeys keys) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(FORM);
            out.writeLong(chain.getMostSignificantBits());
            out.writeLong(chain.getLeastSignificantBits());
            out.writeLong(position);
            out.write(hash);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys.hash(bytes.toByteArray());
    }
}
