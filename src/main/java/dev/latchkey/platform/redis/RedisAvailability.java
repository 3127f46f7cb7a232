package dev.latchkey.platform.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Whether Redis answers. Calls through here end in time, and while Redis is away they fail at once. */
@Singleton
public class RedisAvailability {

    private static final Logger LOG = Logger.getLogger(RedisAvailability.class);

    // Error replies that say something about the command. All others (LOADING, READONLY, OOM, CLUSTERDOWN, BUSY,
    // NOAUTH,
    // the client's own CONNECTION_CLOSED) say that this Redis serves nobody.
    private static final Set<String> FAULTS_OF_THE_COMMAND =
            Set.of("ERR", "NOSCRIPT", "WRONGTYPE", "NOGROUP", "BUSYGROUP");
    // What a new connection hears before any command of ours: too many clients, a database that is not there, a
    // password that is not asked for.
    private static final List<String> FAULTS_OF_THE_CONNECTION =
            List.of("ERR max number of clients", "ERR DB index", "ERR AUTH");

    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(5);

    private final Breaker breaker;
    private final Duration timeout;
    private final Redis redis;

    RedisAvailability(RedisConfig config, Redis redis, MeterRegistry metrics) {
        this.breaker = new Breaker(config.pauseAfterFailure(), System::nanoTime);
        this.timeout = config.timeout();
        this.redis = redis;
        metrics.gauge("latchkey_redis_available", breaker, open -> open.isOpen() ? 0 : 1);
    }

    /** What the last answer, or its absence, told; at most a second old. */
    public boolean isAway() {
        return breaker.isOpen();
    }

    /** As {@link #call(Duration, Supplier)}, with the timeout of {@code latchkey.redis.timeout}. */
    public <T extends @Nullable Object> Uni<T> call(Supplier<Uni<T>> command) {
        return call(timeout, command);
    }

    /**
     * Sends the command, unless Redis is known to be away. Fails with {@link RedisAwayException} when it is, or when no
     * answer came in time: the command may then have run all the same. A fault of the command fails as Redis reported it.
     */
    public <T extends @Nullable Object> Uni<T> call(Duration timeout, Supplier<Uni<T>> command) {
        return Uni.createFrom().deferred(() -> {
            if (!breaker.admits()) {
                return Uni.createFrom().failure(new RedisAwayException("Redis is away", null));
            }
            return Uni.createFrom()
                    .deferred(command::get)
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onItem()
                    .invoke(this::succeeded)
                    .onFailure()
                    .transform(this::failed);
        });
    }

    /** As {@link #ask(Duration, Supplier)}, with the timeout of {@code latchkey.redis.timeout}. */
    public <T> CompletionStage<T> ask(Supplier<Future<T>> command) {
        return ask(timeout, command);
    }

    /** As {@link #call(Duration, Supplier)}, for what is asked so often that it must be lean. The stage ends on any thread. */
    public <T> CompletionStage<T> ask(Duration timeout, Supplier<Future<T>> command) {
        if (!breaker.admits()) {
            return CompletableFuture.failedStage(new RedisAwayException("Redis is away", null));
        }
        var answer = new CompletableFuture<T>();
        var alarm = timers().schedule(
                        () -> answer.completeExceptionally(new TimeoutException()),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        try {
            command.get().onComplete(answer::complete, answer::completeExceptionally);
        } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
        }
        return answer.handle((value, failure) -> {
            alarm.cancel(false);
            if (failure != null) {
                throw new CompletionException(failed(failure));
            }
            succeeded();
            return value;
        });
    }

    // On an event loop its own: another thread would have to be woken up for each.
    private static ScheduledExecutorService timers() {
        var context = Context.isOnEventLoopThread() ? ContextInternal.current() : null;
        return context == null ? Infrastructure.getDefaultWorkerPool() : context.nettyEventLoop();
    }

    // The first connection of a process costs far more than a call may: nobody's decision shall wait for it.
    void connectAhead(@Observes @Priority(1) StartupEvent event) {
        try {
            redis.send(Request.cmd(Command.PING)).await().atMost(PATIENCE_AT_START);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** Keeps {@link #isAway} true to the facts when nobody else asks. */
    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> ping() {
        return call(() -> redis.send(Request.cmd(Command.PING)))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    private void succeeded() {
        if (breaker.succeeded()) {
            LOG.info("Redis is back");
        }
    }

    private Throwable failed(Throwable failure) {
        if (isFaultOfTheCommand(failure)) {
            succeeded();
            return failure;
        }
        var late = failure instanceof TimeoutException;
        var reason = late ? "no answer in time" : failure.toString();
        if (late ? breaker.doubted() : breaker.failed()) {
            LOG.warnf("Redis is away: %s", reason);
        }
        return new RedisAwayException("Redis is away: " + reason, failure);
    }

    private static boolean isFaultOfTheCommand(Throwable failure) {
        var message = String.valueOf(failure.getMessage());
        return failure instanceof Response
                && FAULTS_OF_THE_COMMAND.contains(message.split(" ", 2)[0])
                && FAULTS_OF_THE_CONNECTION.stream().noneMatch(message::startsWith);
    }
}
