package dev.latchkey.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port on which nobody listens. It is below those that connections get by themselves (from 32768 on Linux): between being chosen and being used, one of
 * them would take it.
 */
public final class FreePort {

    private FreePort() {}

    public static int choose() {
        return choose(0);
    }

    /** One that is free, and so is the one that is so much higher. */
    static int choose(int higher) {
        while (true) {
            var port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (isFree(port) && isFree(port + higher)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
