package dev.latchkey.platform.redis;

import dev.latchkey.local.FreePort;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/** A real Redis that a test may stop, start and hold, and clients of it, each with connections of its own. */
public final class RedisPeer implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(200);

    // Long enough that a busy machine is not taken for an absent Redis.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Settings(Duration timeout, Duration pauseAfterFailure, int partitions) implements RedisConfig {}

    private final Vertx vertx = Vertx.vertx();
    private final int port = FreePort.choose();
    private final List<Redis> clients = new ArrayList<>();
    private @Nullable RedisServer server;

    private RedisPeer() {}

    public static RedisPeer start() {
        var peer = new RedisPeer();
        peer.startServer();
        return peer;
    }

    public void startServer() {
        try {
            server = RedisServer.newRedisServer()
                    .bind("127.0.0.1")
                    .port(port)
                    .setting("save \"\"")
                    .build();
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stopServer() {
        try {
            if (server != null) {
                server.stop();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client with the pool that application.properties asks for. */
    public Redis client() {
        return client("");
    }

    /** The same, of the database that stands in the path of its address. */
    public Redis client(String path) {
        var options = new RedisOptions()
                .setConnectionString("redis://127.0.0.1:" + port + path)
                .setMaxPoolSize(64)
                .setMaxPoolWaiting(4096);
        var client = Redis.createClient(vertx, options);
        clients.add(client);
        return client;
    }

    public RedisAvailability availability(Redis client, MeterRegistry metrics) {
        return availability(client, metrics, PATIENCE);
    }

    /** One that waits so long for an answer. */
    public RedisAvailability availability(Redis client, MeterRegistry metrics, Duration timeout) {
        return new RedisAvailability(new Settings(timeout, PAUSE, 1), client, metrics);
    }

    /** More clients like this one, for the loops that ask. */
    public LoopRedis loops(Redis client) {
        return loops(client, asked -> asked);
    }

    /** The same, each asked by what is made of it. */
    public LoopRedis loops(Redis client, UnaryOperator<io.vertx.redis.client.Redis> asked) {
        return new LoopRedis(asked.apply(client.getDelegate()), List.of(), () -> asked.apply(client().getDelegate()));
    }

    /** Those of a single Redis. */
    public static Keyspaces keyspaces() {
        return new Keyspaces(1);
    }

    /** Sends one command and waits for its answer. */
    public static @Nullable Response send(Redis client, String command, Object... arguments) {
        var request = Request.cmd(Command.create(command));
        for (var argument : arguments) {
            request.arg(argument.toString());
        }
        return client.send(request).await().atMost(Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        clients.forEach(Redis::close);
        vertx.closeAndAwait();
        stopServer();
    }
}
