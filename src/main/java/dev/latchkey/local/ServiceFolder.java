package dev.latchkey.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The folder of one service: {@code data/}, {@code log}, {@code password}. Kept for the next run, or removed after this one. */
record ServiceFolder(Path path, boolean kept) {

    private static final int SECONDS_FOR_FORMER_RUN_TO_LEAVE = 4;
    private static final int LINES_IN_PROBLEM = 6;

    static ServiceFolder open(Path path, boolean kept) {
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new LocalProblem("The folder " + path + " for local data cannot be made (" + e
                    + "). Set LATCHKEY_DATA_DIR" + " to a folder that may be written.");
        }
        var folder = new ServiceFolder(path, kept);
        folder.checkOwner();
        return folder;
    }

    Path data() {
        return path.resolve("data");
    }

    Path log() {
        return path.resolve("log");
    }

    Path passwordFile() {
        return path.resolve("password");
    }

    /** Made at first use, and readable for the owner alone. */
    String password() {
        try {
            if (Files.notExists(passwordFile())) {
                var random = new byte[24];
                new SecureRandom().nextBytes(random);
                OwnerFile.write(passwordFile(), HexFormat.of().formatHex(random));
            }
            return Files.readString(passwordFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for another start in the same folder to end. The lock is for the start only: from then on, the process tells. */
    FileChannel lock() {
        try {
            var channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return channel;
        } catch (OverlappingFileLockException e) {
            throw inUse("this process");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits a moment for the process that {@code pidFile} names, as one whose JVM was just killed is still stopping.
     *
     * @throws LocalProblem if it stays: then another Latchkey works in this folder
     */
    void awaitFormerRun(Path pidFile, String program) {
        RunningProgram.find(pidFile, program).ifPresent(former -> {
            try {
                former.onExit().get(SECONDS_FOR_FORMER_RUN_TO_LEAVE, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw inUse("process " + former.pid());
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What the service itself said last. */
    LocalProblem failed(String what) {
        try (var lines = Files.lines(log())) {
            var all = lines.toList();
            var last = all.stream()
                    .skip(Math.max(0, all.size() - LINES_IN_PROBLEM))
                    .collect(Collectors.joining("\n  "));
            return new LocalProblem(what + " did not start. The end of its log, " + log() + ":\n  " + last);
        } catch (IOException | UncheckedIOException e) {
            return new LocalProblem(what + " did not start, and its log " + log() + " cannot be read: " + e);
        }
    }

    private LocalProblem inUse(String by) {
        return new LocalProblem("The data folder " + path + " is in use by another Latchkey (" + by
                + "). Stop that one, or set" + " LATCHKEY_DATA_DIR to a folder of this one's own.");
    }

    // PostgreSQL never runs with root's powers, so that root too can only work in a folder it owns.
    private void checkOwner() {
        try {
            var owner = Files.getOwner(path).getName();
            var ours = !RootUser.isCurrent() || owner.equals("root");
            if (!ours || !Files.isWritable(path)) {
                throw new LocalProblem("The data folder " + path + " belongs to " + owner + ". Run as that user, or set"
                        + " LATCHKEY_DATA_DIR to a folder of your own.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
