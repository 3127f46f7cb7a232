package dev.latchkey.bot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Takes bots into keeping. */
@ApplicationScoped
public class BotRegistration {

    /**
     * What became of a bot where it was kept before.
     *
     * @param botId what Telegram calls it; empty: what its token begins with
     * @param suspensionReason counts if it is suspended
     * @param session of the owner's account
     */
    public record History(
            Optional<Long> botId,
            BotStatus status,
            boolean isVerified,
            String suspensionReason,
            Optional<String> botUsername,
            Optional<Secret> session,
            long totalRequests,
            Optional<Instant> lastUsedAt,
            Instant createdAt,
            Instant updatedAt) {

        private static History none(JsonNode me, Instant now) {
            return new History(
                    Optional.of(BotVerification.id(me)),
                    BotStatus.PENDING,
                    false,
                    "",
                    BotVerification.username(me),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    now,
                    now);
        }
    }

    private static final String LOCK = "bots";

    private final BotVerification verification;
    private final ClusterLock lock;
    private final Sealer sealer;
    private final BotTrail trail;
    private final Clock clock;

    BotRegistration(BotVerification verification, ClusterLock lock, Sealer sealer, BotTrail trail, Clock clock) {
        this.verification = verification;
        this.lock = lock;
        this.sealer = sealer;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * Asks Telegram about the token, and keeps it. In a transaction of its own; blocks.
     *
     * @throws Problem {@code malformed_bot_token}, {@code bot_exists}, {@code bot_token_in_use}, or as {@link BotVerification#ask}
     */
    Bot register(Caller caller, NewBot request) {
        var userId = caller.userId().orElseThrow(Problem::notFound);
        var token = request.token();
        // So that nobody has us ask Telegram about what cannot be kept.
        QuarkusTransaction.requiringNew().run(() -> requireFree(userId, token));
        var me = verification.ask(request);
        return QuarkusTransaction.requiringNew().call(() -> {
            lock();
            requireFree(userId, token);
            return insert(caller.tenantId(), userId, request, History.none(me, clock.instant()));
        });
    }

    // Of two at once the second one waits, and sees the first.
    private void lock() {
        lock.take(LOCK);
    }

    /** The bots of these users, and those with these tokens; nobody keeps another until the caller's transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    public List<BotSnapshot> known(List<UUID> userIds, List<BotToken> tokens) {
        lock();
        return Bot.<Bot>list(
                        "userId in ?1 or tokenDigest in ?2",
                        userIds,
                        tokens.stream().map(BotToken::digest).toList())
                .stream()
                .map(BotSnapshot::of)
                .toList();
    }

    /**
     * Keeps a bot that was kept elsewhere; Telegram is not asked. In the caller's transaction, which has seen by {@link #known} that neither its owner nor
     * its token is taken.
     *
     * @param request checked, by its annotations too
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void takeOver(UUID tenantId, UUID userId, NewBot request, History history) {
        insert(tenantId, userId, request, history);
    }

    private Bot insert(UUID tenantId, UUID userId, NewBot request, History history) {
        var bot = of(tenantId, userId, request, history);
        bot.persist();
        trail.created(bot);
        return bot;
    }

    private static void requireFree(UUID userId, BotToken token) {
        if (Bot.of(userId).isPresent()) {
            throw new Problem(
                    BotProblem.BOT_EXISTS, "There is one bot for each user: DELETE /api/user-bot/remove makes room");
        }
        if (Bot.isKnown(token.digest())) {
            throw new Problem(BotProblem.BOT_TOKEN_IN_USE, "This bot token is kept already");
        }
    }

    private Bot of(UUID tenantId, UUID userId, NewBot request, History history) {
        var bot = new Bot();
        bot.id = Uuid7.next();
        bot.tenantId = tenantId;
        bot.userId = userId;
        bot.botId = history.botId().orElse(request.token().botId());
        bot.botUsername = history.botUsername().orElse(null);
        bot.telegramApiId = Optional.ofNullable(request.telegramApiId())
                .map(Math::toIntExact)
                .orElse(null);
        bot.seal(request.token(), request.apiHash(), request.phone(), history.session(), sealer);
        bot.put(BotState.takenOver(history.status(), history.isVerified(), history.suspensionReason()));
        bot.rateLimitRps = request.perSecond();
        bot.maxConcurrentRequests = request.concurrent();
        bot.totalRequests = history.totalRequests();
        bot.lastUsedAt = history.lastUsedAt().orElse(null);
        bot.createdAt = history.createdAt();
        bot.updatedAt = history.updatedAt();
        return bot;
    }
}
