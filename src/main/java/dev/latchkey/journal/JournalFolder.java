package dev.latchkey.journal;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.latchkey.platform.id.Uuid7;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The files of one process, which holds the lock beside them while it lives: who gets the lock later may take them. */
final class JournalFolder implements AutoCloseable {

    static final String LOCK = "lock";

    private static final String DRAFT = ".new-";

    private final Path path;
    private final FileChannel lock;

    private JournalFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes one. Nobody sees it before it is locked. */
    static JournalFolder create(Path root) throws IOException {
        var name = Uuid7.next().toString();
        var draft = forOwner(root.resolve(DRAFT + name));
        var lock = lock(draft).orElseThrow(() -> new IOException("No file can be locked in " + root));
        try {
            return new JournalFolder(Files.move(draft, root.resolve(name), StandardCopyOption.ATOMIC_MOVE), lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Takes one that another process left; empty if that process lives, or somebody else took it. Never for one of this process: that would end its lock. */
    static Optional<JournalFolder> take(Path path) throws IOException {
        try {
            return lock(path).map(lock -> new JournalFolder(path, lock));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<FileChannel> lock(Path path) throws IOException {
        var channel = FileChannel.open(path.resolve(LOCK), Set.of(CREATE, WRITE), forOwner("rw-------"));
        try {
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    Path path() {
        return path;
    }

    /** Everything but the lock, the oldest first. */
    List<Path> files() throws IOException {
        try (var files = Files.list(path)) {
            return files.filter(file -> !file.endsWith(LOCK)).sorted().toList();
        }
    }

    /** Removes it when its files are gone. */
    void remove() throws IOException {
        Files.delete(path.resolve(LOCK));
        Files.delete(path);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** A folder that only its owner may read; whoever may read those above it. */
    static Path forOwner(Path path) throws IOException {
        return Files.createDirectories(path, forOwner("rwx------"));
    }

    private static FileAttribute<?> forOwner(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
