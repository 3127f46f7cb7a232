package dev.latchkey.governor;

import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.redis.RedisAvailability;
import dev.latchkey.platform.redis.RedisPeer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Governors of several replicas, and the one Redis that they share. */
final class Replicas implements AutoCloseable {

    /** Settings of a test. */
    record Settings(int queue, Duration longestWait, Duration margin, int held, int heldByAll)
            implements GovernorConfig {

        static final Settings USUAL = new Settings(1_000, Duration.ofSeconds(30));

        Settings(int queue, Duration longestWait) {
            this(queue, longestWait, Duration.ofMillis(60));
        }

        Settings(int queue, Duration longestWait, Duration margin) {
            this(queue, longestWait, margin, 1_000_000, 1_000_000);
        }

        @Override
        public MemorySize heldMaxPerBot() {
            return new MemorySize(BigInteger.valueOf(held));
        }

        @Override
        public MemorySize heldMax() {
            return new MemorySize(BigInteger.valueOf(heldByAll));
        }

        @Override
        public int messagesPerSecond() {
            return 30;
        }

        @Override
        public int messagesPerChatAndSecond() {
            return 1;
        }

        @Override
        public int messagesPerGroupAndMinute() {
            return 20;
        }
    }

    /** Whoever wants a call wants it to the end. */
    static final Future<Void> NOBODY_LEAVES = Promise.<Void>promise().future();

    private final RedisPeer redis = RedisPeer.start();
    private final Vertx vertx = Vertx.vertx();
    private final MeterRegistry metrics = new SimpleMeterRegistry();

    Governor governor() {
        return governor(Settings.USUAL);
    }

    Governor governor(Settings settings) {
        var client = redis.client();
        return governor(settings, client, redis.availability(client, new SimpleMeterRegistry()));
    }

    /** One that takes Redis for away after so long. */
    Governor governor(Duration patience) {
        var client = redis.client();
        return governor(Settings.USUAL, client, redis.availability(client, new SimpleMeterRegistry(), patience));
    }

    private Governor governor(Settings settings, Redis client, RedisAvailability availability) {
        return new Governor(scripts(client, availability), settings, vertx, metrics);
    }

    private GovernorScripts scripts(Redis client, RedisAvailability availability) {
        return new GovernorScripts(availability, redis.loops(client), RedisPeer.keyspaces(), vertx);
    }

    GovernorScripts scripts() {
        var client = redis.client();
        return scripts(client, redis.availability(client, new SimpleMeterRegistry()));
    }

    /** How many calls were told that their turn does not come in time. */
    double refusals() {
        return metrics.counter("latchkey_governor_refusals").count();
    }

    Tallies tallies() {
        var client = redis.client();
        return new Tallies(redis.availability(client, new SimpleMeterRegistry()), client, RedisPeer.keyspaces());
    }

    /** It answers nobody for so long, and does what it was asked then. */
    void holdRedis(Duration time) {
        redis.client()
                .send(Request.cmd(Command.CLIENT)
                        .arg("PAUSE")
                        .arg(time.toMillis())
                        .arg("ALL"))
                .await()
                .indefinitely();
    }

    /** As of a clock that was set back since: so many calls began at a time that is not yet there. */
    void beganAhead(UUID line, int calls) {
        var key = RedisPeer.keyspaces().of(line.toString()).key("governor:" + line + ":span:calls");
        for (var i = 0; i < calls; i++) {
            RedisPeer.send(redis.client(), "LPUSH", key, System.currentTimeMillis() + 3_600_000);
        }
    }

    Vertx vertx() {
        return vertx;
    }

    /** One whose most questions to Redis at a time are told. */
    Governor governor(AtomicInteger most) {
        var client = redis.client();
        var under = new AtomicInteger();
        var counting = redis.loops(client, asked -> (io.vertx.redis.client.Redis) Proxy.newProxyInstance(
                Replicas.class.getClassLoader(),
                new Class<?>[] {io.vertx.redis.client.Redis.class},
                (proxy, method, arguments) -> {
                    var answer = method.invoke(asked, arguments);
                    if (method.getName().equals("send")) {
                        most.accumulateAndGet(under.incrementAndGet(), Math::max);
                        ((Future<?>) answer).onComplete(any -> under.decrementAndGet());
                    }
                    return answer;
                }));
        var scripts = new GovernorScripts(
                redis.availability(client, new SimpleMeterRegistry()), counting, RedisPeer.keyspaces(), vertx);
        return new Governor(scripts, Settings.USUAL, vertx, new SimpleMeterRegistry());
    }

    /** How many calls are under way. */
    int slots(UUID line) {
        var space = RedisPeer.keyspaces().of(line.toString());
        return redis.client()
                .send(Request.cmd(Command.ZCARD).arg(space.key("governor:" + line + ":slots")))
                .await()
                .indefinitely()
                .toInteger();
    }

    void stopRedis() {
        redis.stopServer();
    }

    /** Another one in its place, which knows nothing. */
    void startRedis() {
        redis.startServer();
    }

    static Permit await(Future<Permit> permit) {
        return permit.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** The problem that it fails with. */
    static Problem refusal(Future<Permit> permit) {
        try {
            await(permit);
            throw new AssertionError("It was admitted");
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof Problem problem) {
                return problem;
            }
            throw failure;
        }
    }

    /** Whether it stays undecided for so long. */
    static boolean waits(Future<Permit> permit, Duration time) throws Exception {
        try {
            permit.toCompletionStage().toCompletableFuture().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException undecided) {
            return true;
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }
}
