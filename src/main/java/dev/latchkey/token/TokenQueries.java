package dev.latchkey.token;

import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.usage.UsageQueries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Reads tokens. Everything is looked for within the caller's tenant. */
@ApplicationScoped
class TokenQueries {

    /** What a list is narrowed to. */
    record Filter(Optional<TokenStatus> status, Optional<UUID> teamId, Optional<String> text) {}

    private final UsageQueries usage;
    private final TokenCredits credits;
    private final Clock clock;

    TokenQueries(UsageQueries usage, TokenCredits credits, Clock clock) {
        this.usage = usage;
        this.credits = credits;
        this.clock = clock;
    }

    @Transactional
    ApiToken get(Caller caller, UUID id) {
        return ApiToken.find(caller.tenantId(), id).orElseThrow(Problem::notFound);
    }

    @Transactional
    TokenView view(ApiToken token) {
        return TokenView.of(token, usage.lastUse(List.of(token.id)).get(token.id), credits.of(token), clock.instant());
    }

    @Transactional
    Page<TokenView> list(Caller caller, PageRequest page, Filter filter) {
        var now = clock.instant();
        var where = new StringBuilder("tenantId = :tenant");
        var parameters = new HashMap<String, Object>();
        parameters.put("tenant", caller.tenantId());
        page.after().ifPresent(after -> {
            where.append(" and id < :after");
            parameters.put("after", after);
        });
        filter.status().ifPresent(status -> {
            where.append(" and ").append(status.condition());
            if (status.dependsOnTime()) {
                parameters.put("now", now);
            }
        });
        filter.teamId().ifPresent(team -> {
            where.append(" and teamId = :team");
            parameters.put("team", team);
        });
        filter.text().ifPresent(text -> {
            where.append(" and (position(:text in lower(name)) > 0 or position(:text in lower(prefix)) > 0)");
            parameters.put("text", text.toLowerCase(Locale.ROOT));
        });
        var rows = ApiToken.<ApiToken>find(where + " order by id desc", parameters)
                .range(0, page.limit())
                .list();
        var lastUse = usage.lastUse(rows.stream().map(token -> token.id).toList());
        var left = credits.of(rows);
        return page.page(
                rows,
                token -> token.id,
                token -> TokenView.of(token, lastUse.get(token.id), left.get(token.familyId), now));
    }
}
