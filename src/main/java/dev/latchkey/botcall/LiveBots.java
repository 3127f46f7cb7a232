package dev.latchkey.botcall;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.bot.BotSnapshot;
import dev.latchkey.bot.Bots;
import dev.latchkey.telegram.BotToken;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.UUID;

/** The bots that are in use on this replica, with their tokens open: so many at most, and no longer than they are used. */
@Singleton
// The library makes its caches of classes that it finds by name.
@RegisterForReflection(
        classNames = {"com.github.benmanes.caffeine.cache.SSMSA", "com.github.benmanes.caffeine.cache.PSAMS"})
class LiveBots {

    private final Bots bots;
    private final Cache<UUID, BotToken> open;

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
        if (known != null && MessageDigest.isEqual(known.digest(), bot.digest())) {
            return known;
        }
        var token = bots.open(bot);
        open.put(bot.id(), token);
        return token;
    }

    /** The bot makes no calls now. */
    void end(UUID bot) {
        open.invalidate(bot);
    }

    /** Whoever is idle goes also when nobody else comes. */
    @Scheduled(every = "1m")
    void cleanUp() {
        open.cleanUp();
    }
}
