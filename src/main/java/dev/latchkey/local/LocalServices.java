package dev.latchkey.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import redis.embedded.RedisServer;

/** A running PostgreSQL and Redis, on loopback addresses only. */
public final class LocalServices implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final RedisServer redis;

    private LocalServices(EmbeddedPostgres postgres, RedisServer redis) {
        this.postgres = postgres;
        this.redis = redis;
    }

    public static LocalServices start(Path folder) {
        var redis = CompletableFuture.supplyAsync(LocalServices::startRedis);
        return new LocalServices(startPostgres(folder.resolve("postgres")), redis.join());
    }

    /** Quarkus' settings that lead to these services. */
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
                "quarkus.datasource.username",
                "postgres",
                "quarkus.datasource.password",
                "postgres",
                "quarkus.redis.hosts",
                "redis://127.0.0.1:" + redis.ports().getFirst());
    }

    @Override
    public void close() {
        try {
            redis.stop();
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres startPostgres(Path folder) {
        try {
            return EmbeddedPostgres.builder().setDataDirectory(folder).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisServer startRedis() {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = probe.getLocalPort();
            probe.close();
            var redis = RedisServer.newRedisServer()
                    .bind("127.0.0.1")
                    .port(port)
                    .setting("save \"\"")
                    .build();
            redis.start();
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
