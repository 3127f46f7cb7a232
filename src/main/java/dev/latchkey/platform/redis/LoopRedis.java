package dev.latchkey.platform.redis;

import io.netty.util.concurrent.FastThreadLocal;
import io.quarkus.proxy.ProxyConfigurationRegistry;
import io.quarkus.redis.runtime.client.VertxRedisClientFactory;
import io.quarkus.redis.runtime.client.config.RedisClientConfig;
import io.quarkus.redis.runtime.client.config.RedisConfig;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Redis;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Redis as an event loop asks it: by connections of its own. All connections of one client are served by the loop that it was made on; with a
 * client for all, each answer would wake up another thread to come back.
 */
@Singleton
public class LoopRedis {

    private final Redis shared;
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
                () -> VertxRedisClientFactory.create(
                        RedisConfig.DEFAULT_CLIENT_NAME, vertx, defaultClient(config), tls, proxies));
    }

    /** @param client makes one */
    LoopRedis(Redis shared, Supplier<Redis> client) {
        this.shared = shared;
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

    @PreDestroy
    void close() {
        own.forEach(Redis::close);
    }

    private static RedisClientConfig defaultClient(RedisConfig config) {
        return Objects.requireNonNull(config.clients().get(RedisConfig.DEFAULT_CLIENT_NAME));
    }
}
