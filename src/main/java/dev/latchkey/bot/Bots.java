package dev.latchkey.bot;

import dev.latchkey.platform.cache.NearCache;
import dev.latchkey.platform.cache.NearCaches;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** The bots of users, for who calls Telegram with them; and what Telegram said of a bot as a whole. */
@ApplicationScoped
public class Bots {

    static final String CACHE = "bots";

    private static final int MOST_KNOWN = 10_000;
    private static final int LONGEST_REASON = 500;

    private final Sealer sealer;
    private final BotControl control;
    private final BotTrail trail;
    private final Clock clock;
    private final NearCache<BotSnapshot> known;

    Bots(Sealer sealer, BotControl control, BotTrail trail, Clock clock, NearCaches caches) {
        this.sealer = sealer;
        this.control = control;
        this.trail = trail;
        this.clock = clock;
        this.known = caches.create(CACHE, MOST_KNOWN);
    }

    @Produces
    @Singleton
    static SealedTable sealedTable() {
        return Bot.TABLE;
    }

    /** The user's bot as this replica knows it, at most a second behind. Does not block. */
    public Uni<Optional<BotSnapshot>> known(UUID userId) {
        return known.get(userId.toString(), () -> QuarkusTransaction.requiringNew()
                .call(() -> Bot.of(userId).map(BotSnapshot::of)));
    }

    /**
     * The user's bot, which may call Telegram; as {@link #known}. Fails with {@link Problem} {@code not_found}, and those of {@link BotSnapshot#requireCalls}.
     */
    public Future<BotSnapshot> usable(UUID userId) {
        return Future.fromCompletionStage(known(userId).subscribeAsCompletionStage())
                .map(found -> {
                    var bot = found.orElseThrow(Problem::notFound);
                    bot.requireCalls();
                    return bot;
                });
    }

    /** The bot as it is now, as {@link #usable}; who has another one by now has not this one. */
    public Future<BotSnapshot> still(BotSnapshot bot) {
        return usable(bot.userId()).map(now -> {
            if (!now.id().equals(bot.id())) {
                throw Problem.notFound();
            }
            return now;
        });
    }

    /** @throws dev.latchkey.platform.crypto.UnreadableSealException if the row was changed by hand, or its key is gone */
    public BotToken open(BotSnapshot bot) {
        return BotToken.parse(
                        sealer.open(bot.token(), Bot.TABLE.place(bot.id())).reveal())
                .orElseThrow(
                        () -> new IllegalStateException("What was sealed of the bot " + bot.id() + " is no token"));
    }

    /**
     * Telegram does not know the token any more: the bot is suspended, and that is told. Nothing happens where it is so already, or the bot has gone, or has
     * another token by now. In a transaction of its own; blocks.
     */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public void refused(BotSnapshot bot, String why) {
        locked(bot).ifPresent(row -> control.change(row, "bot.refused", state -> state.refused(reason(why))));
    }

    /** Telegram wants nothing from the bot until then; an earlier time than is known changes nothing. In a transaction of its own; blocks. */
    @Transactional(Transactional.TxType.REQUIRES_NEW)
    public void paused(BotSnapshot bot, Instant until) {
        locked(bot).ifPresent(row -> pause(row, until));
    }

    /** Of a bot that the caller's transaction has locked. */
    void pause(Bot row, Instant until) {
        var before = row.state();
        // PostgreSQL keeps microseconds: the same pause again is no other one.
        var after = before.paused(until.truncatedTo(ChronoUnit.MICROS));
        if (!after.equals(before)) {
            row.put(after);
            trail.paused(
                    row, before.pausedUntil().filter(clock.instant()::isBefore).isEmpty());
        }
    }

    /** The bot's row, locked until the transaction ends; empty if it has gone, or has another token by now. */
    static Optional<Bot> locked(BotSnapshot bot) {
        return Bot.locked(bot.userId())
                .filter(row -> row.id.equals(bot.id()) && MessageDigest.isEqual(row.tokenDigest, bot.digest()));
    }

    // Not every text can be kept, and this one comes from elsewhere.
    private static String reason(String why) {
        var words = why.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .limit(LONGEST_REASON)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return words.isEmpty() ? "Telegram refused the bot's token" : words;
    }
}
