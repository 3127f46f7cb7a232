package dev.latchkey.bot;

import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What owners and admins do with a bot: with its row locked, put on record. All of it answers {@code not_found} for a user without a bot. */
@ApplicationScoped
public class BotControl {

    /** What may go out to Telegram; what is left out stays. */
    public record Limits(
            @Nullable @Min(1) @Max(MOST_PER_SECOND) Integer maxRequestsPerSecond,
            @Nullable @Min(1) @Max(MOST_CONCURRENT) Integer maxConcurrentRequests) {

        static final int MOST_PER_SECOND = 100;
        static final int MOST_CONCURRENT = 50;

        private void requireSome() {
            if (maxRequestsPerSecond == null && maxConcurrentRequests == null) {
                throw Problem.invalidField("max_requests_per_second", "must be there, or max_concurrent_requests");
            }
        }

        private void putOn(Bot bot) {
            bot.rateLimitRps = Optional.ofNullable(maxRequestsPerSecond).orElse(bot.rateLimitRps);
            bot.maxConcurrentRequests =
                    Optional.ofNullable(maxConcurrentRequests).orElse(bot.maxConcurrentRequests);
        }
    }

    private final BotTrail trail;
    private final Clock clock;

    BotControl(BotTrail trail, Clock clock) {
        this.trail = trail;
        this.clock = clock;
    }

    @Transactional
    public BotView view(UUID userId) {
        return BotView.of(Bot.of(userId).orElseThrow(Problem::notFound), clock.instant());
    }

    /** @throws Problem {@code bot_suspended}, {@code bot_not_verified} */
    @Transactional
    BotView start(UUID userId) {
        return change(userId, "bot.started", BotState::started);
    }

    /** @throws Problem {@code bot_suspended}, {@code bot_not_verified} */
    @Transactional
    BotView stop(UUID userId) {
        return change(userId, "bot.stopped", BotState::stopped);
    }

    /**
     * By its owner.
     *
     * @throws Problem {@code validation_failed} if nothing is to change, {@code bot_suspended} if an admin did that
     */
    @Transactional
    BotView limitOwn(UUID userId, Limits limits) {
        limits.requireSome();
        var bot = locked(userId);
        bot.state().requireOwnersSay();
        var before = bot.facts();
        limits.putOn(bot);
        if (!before.equals(bot.facts())) {
            limited(bot, before);
        }
        return BotView.of(bot, clock.instant());
    }

    /**
     * By an admin; on record, also if that changes nothing.
     *
     * @throws Problem {@code validation_failed} if nothing is to change
     */
    @Transactional
    public BotView limit(UUID userId, Limits limits) {
        limits.requireSome();
        var bot = locked(userId);
        var before = bot.facts();
        limits.putOn(bot);
        limited(bot, before);
        return BotView.of(bot, clock.instant());
    }

    private void limited(Bot bot, Map<String, Object> before) {
        bot.updatedAt = clock.instant();
        trail.limitsChanged(bot, before);
    }

    /**
     * With all that is known of it: nothing of the token is left.
     *
     * @throws Problem {@code bot_suspended} if an admin did that: it would come in again by the next door
     */
    @Transactional
    void remove(UUID userId) {
        var bot = locked(userId);
        bot.state().requireOwnersSay();
        trail.removed(bot);
        bot.delete();
    }

    /** By an admin; on record, also if that changes nothing. */
    @Transactional
    public BotView suspend(UUID userId, String reason) {
        return administer(userId, "bot.suspended", state -> state.suspendedByAdmin(reason));
    }

    /** By an admin: whoever had stopped or suspended it. It is active if it is verified, else pending. On record, also if that changes nothing. */
    @Transactional
    public BotView activate(UUID userId) {
        return administer(userId, "bot.activated", BotState::activatedByAdmin);
    }

    private BotView administer(UUID userId, String action, UnaryOperator<BotState> transition) {
        var bot = locked(userId);
        put(bot, action, transition.apply(bot.state()));
        return BotView.of(bot, clock.instant());
    }

    private BotView change(UUID userId, String action, UnaryOperator<BotState> transition) {
        var bot = locked(userId);
        change(bot, action, transition);
        return BotView.of(bot, clock.instant());
    }

    /** Of a bot that the caller's transaction has locked. Nothing is told where nothing changes. */
    void change(Bot bot, String action, UnaryOperator<BotState> transition) {
        var state = bot.state();
        var next = transition.apply(state);
        if (!next.equals(state)) {
            put(bot, action, next);
        }
    }

    private void put(Bot bot, String action, BotState next) {
        var before = bot.facts();
        bot.put(next);
        bot.updatedAt = clock.instant();
        trail.stateChanged(bot, action, before);
    }

    private static Bot locked(UUID userId) {
        return Bot.locked(userId).orElseThrow(Problem::notFound);
    }
}
