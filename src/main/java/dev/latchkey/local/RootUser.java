package dev.latchkey.local;

import java.io.IOException;
import java.util.List;

/** PostgreSQL refuses to run as root. */
final class RootUser {

    // A user namespace without a mapping: the process sees itself as nobody and has lost root's powers, and its files
    // still belong to the root who runs it.
    private static final List<String> WITHOUT_POWERS = List.of("unshare", "-U");

    private RootUser() {}

    static boolean isCurrent() {
        return ProcessHandle.current().info().user().orElse("").equals("root");
    }

    /** What to put before a command that must not run as root; empty for other users. */
    static List<String> leave() {
        if (!isCurrent()) {
            return List.of();
        }
        if (canLeave()) {
            return WITHOUT_POWERS;
        }
        throw new LocalProblem("PostgreSQL does not run as root, and this machine lets root make no user namespace"
                + " (\"unshare -U\" fails, as in most containers). Run as another user, or name a PostgreSQL that runs"
                + " already in QUARKUS_DATASOURCE_JDBC_URL.");
    }

    private static boolean canLeave() {
        try {
            return new ProcessBuilder("unshare", "-U", "true").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
