package dev.latchkey.platform.http;

import dev.latchkey.platform.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** A stream that fails when more than so many bytes come out of it. */
final class LimitedStream extends FilterInputStream {

    private final Supplier<Problem> excess;
    private long left;

    LimitedStream(InputStream stream, long maxBytes, Supplier<Problem> excess) {
        super(stream);
        this.left = maxBytes;
        this.excess = excess;
    }

    @Override
    public int read() throws IOException {
        var read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        var read = super.read(into, offset, length);
        count(Math.max(0, read));
        return read;
    }

    // Closing a body means reading its rest, which is what must not happen to one without an end.
    @Override
    public void close() throws IOException {
        if (left >= 0) {
            super.close();
        }
    }

    private void count(int bytes) {
        left -= bytes;
        if (left < 0) {
            throw excess.get();
        }
    }
}
