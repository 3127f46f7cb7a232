package dev.latchkey.botadmin;

import dev.latchkey.bot.Bot;
import dev.latchkey.bot.BotStatus;
import dev.latchkey.bot.BotView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The bots of all users, in numbered pages. */
@ApplicationScoped
class BotList {

    /** @param total of all pages */
    record Answer(long total, int page, int pageSize, List<BotView> bots) {}

    /** @param text part of the bot's name, or of its owner's name or address */
    record Wanted(Optional<BotStatus> status, Optional<UserReference> user, Optional<String> text) {

        private String query(Map<String, Object> parameters, Instant now) {
            var where = new StringBuilder("1 = 1");
            status.ifPresent(wanted -> where.append(" and ").append(condition(wanted, parameters, now)));
            user.ifPresent(reference -> {
                where.append(" and userId = :user");
                parameters.put("user", reference.idOrNobody());
            });
            text.ifPresent(part -> {
                where.append(" and (position(:text in lower(botUsername)) > 0 or userId in (select u.id from User u")
                        .append(
                                " where position(:text in lower(u.username)) > 0 or position(:text in lower(u.email)) > 0))");
                parameters.put("text", part.toLowerCase(Locale.ROOT));
            });
            return where.toString();
        }

        // As BotState.shown tells it.
        private static String condition(BotStatus wanted, Map<String, Object> parameters, Instant now) {
            return switch (wanted) {
                case ACTIVE -> {
                    parameters.put("now", now);
                    yield "status = 'active' and (pausedUntil is null or pausedUntil <= :now)";
                }
                case RATE_LIMITED -> {
                    parameters.put("now", now);
                    yield "status = 'active' and pausedUntil > :now";
                }
                case PENDING, STOPPED, SUSPENDED, ERROR -> {
                    parameters.put("status", wanted.word());
                    yield "status = :status";
                }
            };
        }
    }

    private final Clock clock;

    BotList(Clock clock) {
        this.clock = clock;
    }

    /**
     * Newest first.
     *
     * @param page counts from 1
     */
    @Transactional
    Answer list(Wanted wanted, int page, int pageSize) {
        var now = clock.instant();
        var parameters = new HashMap<String, Object>();
        var query = wanted.query(parameters, now);
        var bots = Bot.<Bot>find(query + " order by id desc", parameters)
                .page(page - 1, pageSize)
                .list();
        return new Answer(
                Bot.count(query, parameters),
                page,
                pageSize,
                bots.stream().map(bot -> BotView.of(bot, now)).toList());
    }
}
