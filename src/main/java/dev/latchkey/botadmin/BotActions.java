package dev.latchkey.botadmin;

import dev.latchkey.bot.BotView;
import dev.latchkey.identity.User;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What admins did, row by row. */
@ApplicationScoped
class BotActions {

    /**
     * What is shown of one.
     *
     * @param adminId the number of who did it
     * @param userId the number of the bot's owner
     * @param botId what Telegram calls the bot
     */
    record View(
            UUID id,
            long adminId,
            long userId,
            long botId,
            UUID tenantId,
            String action,
            @Nullable String reason,
            Map<String, Object> details,
            Instant at) {

        private static View of(BotAction row) {
            return new View(
                    row.id,
                    row.adminNumber,
                    row.userNumber,
                    row.botId,
                    row.tenantId,
                    row.action,
                    row.reason,
                    row.details,
                    row.at);
        }
    }

    private final Clock clock;

    BotActions(Clock clock) {
        this.clock = clock;
    }

    /** In the transaction of the act. */
    @Transactional(Transactional.TxType.MANDATORY)
    void record(
            UUID adminId,
            User owner,
            BotView bot,
            BotAction.Kind kind,
            Optional<String> reason,
            Map<String, Object> details) {
        var row = new BotAction();
        row.id = Uuid7.next();
        row.adminId = adminId;
        row.userId = owner.id;
        row.tenantId = owner.tenantId;
        row.botId = bot.botId();
        row.action = kind.word();
        row.reason = reason.orElse(null);
        row.details = details;
        row.at = clock.instant();
        row.persist();
    }

    /** Newest first. Of a user that does not exist there are none. */
    @Transactional
    Page<View> list(PageRequest page, Optional<UserReference> user, Optional<BotAction.Kind> kind) {
        var where = new StringBuilder("1 = 1");
        var parameters = new HashMap<String, Object>();
        page.after().ifPresent(after -> {
            where.append(" and id < :after");
            parameters.put("after", after);
        });
        user.ifPresent(reference -> {
            where.append(" and userId = :user");
            parameters.put("user", reference.idOrNobody());
        });
        kind.ifPresent(wanted -> {
            where.append(" and action = :action");
            parameters.put("action", wanted.word());
        });
        var rows = BotAction.<BotAction>find(where + " order by id desc", parameters)
                .range(0, page.limit())
                .list();
        return page.page(rows, row -> row.id, View::of);
    }
}
