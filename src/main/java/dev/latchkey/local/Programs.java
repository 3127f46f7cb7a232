package dev.latchkey.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** The server programs for this machine, unpacked once per user from the jars that carry them. */
final class Programs {

    private static final String REDIS = "redis-server";
    private static final int OWNER_MAY_EXECUTE = 0100;

    private interface Unpacking {
        void into(Path folder) throws IOException;
    }

    private Programs() {}

    /** The folder that holds {@code bin/initdb} and {@code bin/postgres}. */
    static Path postgres() {
        var archive = "/postgres-" + machine() + ".txz";
        return unpackedOnce("postgresql-" + digest(archive), folder -> unpack(archive, folder));
    }

    /** The server program itself. */
    static Path redis() {
        machine();
        var programs = ExecutableProvider.newProvidedVersionsMap();
        var resource = Objects.requireNonNull(programs.get(OsArchitecture.detectOSandArchitecture()));
        return unpackedOnce("redis-" + digest(resource), folder -> copyProgram(open(resource), folder.resolve(REDIS)))
                .resolve(REDIS);
    }

    // Unpacked beside its place and moved there whole: of several that start at once, one wins and all may use it.
    private static Path unpackedOnce(String name, Unpacking unpacking) {
        var target = cache().resolve(name);
        if (Files.exists(target)) {
            return target;
        }
        try {
            Files.createDirectories(cache());
            var draft = Files.createTempDirectory(cache(), name);
            try {
                unpacking.into(draft);
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (Files.notExists(target)) {
                    throw e;
                }
            } finally {
                FileTree.delete(draft);
            }
            return target;
        } catch (IOException e) {
            throw new LocalProblem("PostgreSQL and Redis cannot be unpacked into " + cache() + " (" + e
                    + "). Make room there, or set XDG_CACHE_HOME to a folder that may be written.");
        }
    }

    private static Path cache() {
        var home = Path.of(System.getProperty("user.home"), ".cache");
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .orElse(home)
                .resolve("latchkey");
    }

    private static void unpack(String archive, Path folder) throws IOException {
        try (var files = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open(archive))))) {
            for (var entry = files.getNextEntry(); entry != null; entry = files.getNextEntry()) {
                unpack(entry, files, folder);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path folder) throws IOException {
        var target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        if ((entry.getMode() & OWNER_MAY_EXECUTE) == 0) {
            Files.copy(content, target);
        } else {
            copyProgram(content, target);
        }
    }

    private static void copyProgram(InputStream content, Path target) throws IOException {
        Files.copy(content, target);
        if (!target.toFile().setExecutable(true)) {
            throw new IOException(target + " cannot be made executable");
        }
    }

    private static String digest(String resource) {
        try (var content = open(resource)) {
            var digest = MessageDigest.getInstance("SHA-256").digest(content.readAllBytes());
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static InputStream open(String resource) {
        return Objects.requireNonNull(Programs.class.getResourceAsStream(resource), resource);
    }

    // As the archives are named. Redis for Windows is too old for what we do with it.
    private static String machine() {
        var system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : System.getProperty("os.name");
        var machine = system.toLowerCase(Locale.ROOT) + "-" + processor();
        if (Programs.class.getResource("/postgres-" + machine + ".txz") == null) {
            throw new LocalProblem("Latchkey brings no PostgreSQL and Redis for this kind of machine (" + machine
                    + "). Name services that run already in QUARKUS_DATASOURCE_JDBC_URL and QUARKUS_REDIS_HOSTS.");
        }
        return machine;
    }

    private static String processor() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            case String other -> other;
        };
    }
}
