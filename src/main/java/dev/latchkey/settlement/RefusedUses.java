package dev.latchkey.settlement;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.Use;
import dev.latchkey.usage.Meter;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Records uses that were refused before any limit was asked, and so are bounded by none. Some in a second of each credential are recorded one by
 * one; those above wait a moment for each other, and become one entry of the stream: so does the answer, whose use is safe before it leaves.
 */
@ApplicationScoped
public class RefusedUses {

    static final int ALONE_PER_SECOND = 5;

    private static final int MOST_CREDENTIALS = 10_000;
    private static final int MOST_TOGETHER = 256;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final class Group {
        private final List<Use> uses = new ArrayList<>();
        private final CompletableFuture<Void> safe = new CompletableFuture<>();
    }

    private final Meter meter;
    private final Cache<UUID, AtomicInteger> alone = Caffeine.newBuilder()
            .maximumSize(MOST_CREDENTIALS)
            .expireAfterWrite(Duration.ofSeconds(1))
            .build();
    private Group waiting = new Group();

    RefusedUses(Meter meter) {
        this.meter = meter;
    }

    /** Completes when the use is safe, on the caller's context. Never fails. */
    public Uni<Void> record(Use use) {
        var count = alone.get(use.credentialId(), id -> new AtomicInteger());
        if (count.incrementAndGet() <= ALONE_PER_SECOND) {
            return meter.record(Chunk.of(List.of(use)));
        }
        var safe = Uni.createFrom().completionStage(join(use).copy());
        var context = Vertx.currentContext();
        return context == null ? safe : safe.emitOn(task -> context.runOnContext(task));
    }

    private synchronized CompletableFuture<Void> join(Use use) {
        var group = waiting;
        group.uses.add(use);
        if (group.uses.size() == MOST_TOGETHER) {
            waiting = new Group();
            send(group);
        } else if (group.uses.size() == 1) {
            Infrastructure.getDefaultWorkerPool()
                    .schedule(() -> sendIfWaiting(group), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
        return group.safe;
    }

    private synchronized void sendIfWaiting(Group group) {
        if (waiting == group) {
            waiting = new Group();
            send(group);
        }
    }

    private void send(Group group) {
        meter.record(Chunk.of(group.uses)).subscribe().with(nothing -> group.safe.complete(null));
    }
}
