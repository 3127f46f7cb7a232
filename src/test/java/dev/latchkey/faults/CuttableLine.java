package dev.latchkey.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP line to a server on this machine that a test may cut: with a clang, or so that nobody is told. */
final class CuttableLine implements AutoCloseable {

    private enum State {
        WHOLE,
        CLOSED,
        SILENT
    }

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private State state = State.WHOLE;

    private CuttableLine(ServerSocket door, int target) {
        this.door = door;
        this.target = target;
    }

    static CuttableLine to(int port) {
        try {
            var line = new CuttableLine(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), port);
            Thread.ofVirtual().start(line::accept);
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return door.getLocalPort();
    }

    /** Ends all connections; new ones end at once. */
    synchronized void close(boolean closed) {
        state = closed ? State.CLOSED : State.WHOLE;
        if (closed) {
            sockets.forEach(CuttableLine::end);
        }
        notifyAll();
    }

    /** Connections stay, and new ones are made, and nothing passes; what was sent meanwhile arrives when the line is whole. */
    synchronized void silence(boolean silent) {
        state = silent ? State.SILENT : State.WHOLE;
        notifyAll();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close(true);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var near = door.accept();
                Thread.ofVirtual().start(() -> join(near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void join(Socket near) {
        sockets.add(near);
        try {
            awaitPassage();
            var far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(far);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pass(near, far));
            pass(far, near);
        } catch (IOException e) {
            end(near);
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            var buffer = new byte[16_384];
            for (var read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                awaitPassage();
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side has ended; so does the other.
        }
        end(from);
        end(to);
        sockets.remove(from);
        sockets.remove(to);
    }

    private synchronized void awaitPassage() throws IOException {
        while (state == State.SILENT) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (state == State.CLOSED) {
            throw new IOException("The line is cut");
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was closed.
        }
    }
}
