package dev.latchkey.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The port that a service is to listen on. */
record LocalPort(String service, String variable, int configured) {

    LocalPort {
        if (configured < 0 || configured > 65_535) {
            throw new IllegalArgumentException("No port: " + configured);
        }
    }

    /** Zero stands for any that is free. */
    boolean isAny() {
        return configured == 0;
    }

    /** @throws LocalProblem if the configured port is taken */
    int choose() {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), configured), 1);
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new LocalProblem("Port " + configured + ", which " + variable + " names for " + service
                    + ", is taken by another program. Stop that program, set " + variable
                    + " to another port, or leave it out: then any free port is taken.");
        }
    }
}
