package dev.latchkey.platform.redis;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.quarkus.proxy.ProxyConfigurationRegistry;
import io.quarkus.redis.runtime.client.VertxRedisClientFactory;
import io.quarkus.redis.runtime.client.config.RedisClientConfig;
import io.quarkus.redis.runtime.client.config.RedisConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Redis as an event loop asks it: by connections of its own. All connections of one client are served by the loop that it was made on; with a
 * client for all, each answer would wake up another thread to come back.
 */
@Singleton
public class LoopRedis {

    private static final Logger LOG = Logger.getLogger(LoopRedis.class);
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(5);

    private final Redis shared;
    private final List<ContextInternal> loops;
    private final Queue<Redis> own = new ConcurrentLinkedQueue<>();
    private final FastThreadLocal<Redis> here;

    @Inject
    LoopRedis(
            io.vertx.mutiny.redis.client.Redis shared,
            Vertx vertx,
            RedisConfig config,
            TlsConfigurationRegistry tls,
            ProxyConfigurationRegistry proxies) {
        this(
                shared.getDelegate(),
                loops((VertxInternal) vertx),
                () -> VertxRedisClientFactory.create(
                        RedisConfig.DEFAULT_CLIENT_NAME, vertx, defaultClient(config), tls, proxies));
    }

    /** @param client makes one */
    LoopRedis(Redis shared, List<ContextInternal> loops, Supplier<Redis> client) {
        this.shared = shared;
        this.loops = loops;
        this.here = new FastThreadLocal<>() {
            @Override
            protected Redis initialValue() {
                var made = client.get();
                own.add(made);
                return made;
            }
        };
    }

    /** That of this event loop; elsewhere the one that all share. */
    public Redis here() {
        return Context.isOnEventLoopThread() && ContextInternal.current() != null ? here.get() : shared;
    }

    // The first connection costs far more than a call may: nobody's decision shall wait for it.
    void connectAhead(@Observes @Priority(1) StartupEvent event) {
        try {
            pingByEach().await().atMost(PATIENCE_AT_START);
        } catch (RuntimeException e) {
            LOG.warnf("Not every event loop is connected to Redis: %s", e);
        }
    }

    /** Those that nothing is asked by for a while would be closed (quarkus.redis.pool-recycle-timeout). */
    @Scheduled(every = "4s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> keepConnected() {
        return pingByEach().onFailure().recoverWithNull();
    }

    private Uni<Void> pingByEach() {
        return Uni.createFrom()
                .completionStage(() ->
                        Future.all(loops.stream().map(this::ping).toList()).toCompletionStage())
                .replaceWithVoid();
    }

    private Future<Response> ping(ContextInternal loop) {
        var answer = Promise.<Response>promise();
        loop.runOnContext(nothing -> {
            try {
                here.get().send(Request.cmd(Command.PING)).onComplete(answer);
            } catch (RuntimeException failure) {
                answer.fail(failure);
            }
        });
        return answer.future();
    }

    @PreDestroy
    void close() {
        own.forEach(Redis::close);
    }

    private static List<ContextInternal> loops(VertxInternal vertx) {
        var loops = new ArrayList<ContextInternal>();
        for (var loop : vertx.nettyEventLoopGroup()) {
            loops.add(vertx.createEventLoopContext(
                    (EventLoop) loop, null, Thread.currentThread().getContextClassLoader()));
        }
        return loops;
    }

    private static RedisClientConfig defaultClient(RedisConfig config) {
        return Objects.requireNonNull(config.clients().get(RedisConfig.DEFAULT_CLIENT_NAME));
    }
}
