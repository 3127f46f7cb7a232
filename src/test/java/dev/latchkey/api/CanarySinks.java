package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.latchkey.local.TestServices;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Everything behind the service that keeps what it is told. */
final class CanarySinks {

    private CanarySinks() {}

    /** Every command that ever changed something in Redis, with its keys and values: more than what is there now. */
    static String redis() {
        var vertx = Vertx.vertx();
        try {
            var client = Redis.createClient(io.vertx.mutiny.core.Vertx.newInstance(vertx), TestServices.redis());
            var folder = client.send(Request.cmd(Command.CONFIG).arg("GET").arg("dir"))
                    .await()
                    .indefinitely();
            return read(Path.of(folder.get("dir").toString()));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** What PostgreSQL wrote into its own log: statements that failed, with the rows that they failed on. */
    static String postgresLog() {
        return read(Path.of(Tables.value("show data_directory")).resolveSibling("log"));
    }

    private static String read(Path place) {
        try (var files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).map(CanarySinks::content).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Bytes that are no text stay what they are.
    private static String content(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
