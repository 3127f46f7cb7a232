package dev.latchkey.botcall;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.bot.BotSnapshot;
import dev.latchkey.bot.Bots;
import dev.latchkey.telegram.BotToken;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.Map;
import java.util.UUID;

/** The bots that are in use on this replica, with their tokens open: so many at most, and no longer than they are used. */
@Singleton
// The library makes its caches of classes that it finds by name.
@RegisterForReflection(
        classNames = {"com.github.benmanes.caffeine.cache.SSMSA", "com.github.benmanes.caffeine.cache.PSAMS"})
class LiveBots {

    private final Bots bots;
    private final Cache<UUID, Live> open;

    private record Live(UUID userId, BotToken token) {}

    LiveBots(Bots bots, BotCallConfig config, MeterRegistry metrics) {
        this.bots = bots;
        this.open = Caffeine.newBuilder()
                .maximumSize(config.live())
                .expireAfterAccess(config.idle())
                // Its upkeep is some microseconds now and then.
                .executor(Runnable::run)
                .build();
        metrics.gauge("latchkey_live_bots", open, Cache::estimatedSize);
    }

    /** Its token, which is unsealed the first time only. A call that is under way keeps its own, whatever becomes of it here. */
    BotToken token(BotSnapshot bot) {
        var known = open.getIfPresent(bot.id());
        if (known != null && MessageDigest.isEqual(known.token().digest(), bot.digest())) {
            return known.token();
        }
        var token = bots.open(bot);
        open.put(bot.id(), new Live(bot.userId(), token));
        return token;
    }

    /** Whoever is idle goes also when nobody else comes, and so does whoever makes no calls now. */
    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> cleanUp() {
        open.cleanUp();
        var live = Multi.createFrom().iterable(Map.copyOf(open.asMap()).entrySet());
        return live.onItem()
                .transformToUniAndConcatenate(entry -> isLive(entry.getKey(), entry.getValue())
                        .onItem()
                        .invoke(isLive -> {
                            if (!isLive) {
                                open.invalidate(entry.getKey());
                            }
                        }))
                .onItem()
                .ignoreAsUni();
    }

    // Where that cannot be told now, it is asked again soon.
    private Uni<Boolean> isLive(UUID bot, Live live) {
        return bots.known(live.userId())
                .map(now -> now.filter(known -> known.id().equals(bot) && known.mayCall())
                        .isPresent())
                .onFailure()
                .recoverWithItem(true);
    }
}
