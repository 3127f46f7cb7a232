package dev.latchkey.bot;

import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.BotToken;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** Takes bots into keeping. */
@ApplicationScoped
class BotRegistration {

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
     * @throws Problem {@code malformed_bot_token}, {@code bot_exists}, {@code bot_token_in_use}, {@code bot_token_refused}, or what Telegram's answer is
     */
    Bot register(Caller caller, NewBot request) {
        var userId = caller.userId().orElseThrow(Problem::notFound);
        var token = request.token();
        // So that nobody has us ask Telegram about what cannot be kept.
        QuarkusTransaction.requiringNew().run(() -> requireFree(userId, token));
        var username = BotVerification.username(verification.ask(token));
        return QuarkusTransaction.requiringNew()
                .call(() -> insert(of(caller.tenantId(), userId, request, token, username), token));
    }

    private Bot insert(Bot bot, BotToken token) {
        // Of two at once the second one waits, and sees the first.
        lock.take("bots");
        requireFree(bot.userId, token);
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

    private Bot of(UUID tenantId, UUID userId, NewBot request, BotToken token, Optional<String> username) {
        var bot = new Bot();
        bot.id = Uuid7.next();
        bot.tenantId = tenantId;
        bot.userId = userId;
        bot.botUsername = username.orElse(null);
        bot.telegramApiId = Optional.ofNullable(request.telegramApiId())
                .map(Math::toIntExact)
                .orElse(null);
        bot.seal(token, request.apiHash(), request.phone(), Optional.empty(), sealer);
        bot.put(BotState.created());
        bot.rateLimitRps = request.perSecond();
        bot.maxConcurrentRequests = request.concurrent();
        bot.createdAt = clock.instant();
        bot.updatedAt = bot.createdAt;
        return bot;
    }
}
