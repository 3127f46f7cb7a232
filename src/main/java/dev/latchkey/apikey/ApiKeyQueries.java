package dev.latchkey.apikey;

import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.usage.UsageQueries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reads keys: all of the tenant for who administers it, and for other keys themselves and those that they created. */
@ApplicationScoped
class ApiKeyQueries {

    static final String READ_ALL = "admin:read";
    static final String CHANGE_ALL = "admin:write";

    private final UsageQueries usage;
    private final Duration refreshWindow;
    private final Clock clock;

    ApiKeyQueries(UsageQueries usage, KeyRoles roles, Clock clock) {
        this.usage = usage;
        this.refreshWindow = roles.refreshWindow();
        this.clock = clock;
    }

    /** @param scope that lets a key do this with all keys of its tenant */
    @Transactional
    ApiKey get(Caller caller, String keyId, String scope) {
        return ApiKey.find(caller.tenantId(), keyId)
                .filter(key -> administers(caller, scope) || isOf(key, caller))
                .orElseThrow(() -> refusal(caller));
    }

    @Transactional
    ApiKeyView view(ApiKey key) {
        return views(List.of(key)).getFirst();
    }

    @Transactional
    Page<ApiKeyView> list(Caller caller, PageRequest page) {
        var where = new StringBuilder("tenantId = :tenant");
        var parameters = new HashMap<String, Object>(Map.of("tenant", caller.tenantId()));
        if (!administers(caller, READ_ALL)) {
            if (!isKey(caller)) {
                throw refusal(caller);
            }
            where.append(
                    " and (id = :me or createdByKey in (select one.id from ApiKey one where one.familyId = :family))");
            parameters.put("family", family(caller));
            parameters.put("me", caller.id());
        }
        page.after().ifPresent(after -> {
            where.append(" and id < :after");
            parameters.put("after", after);
        });
        var rows = ApiKey.<ApiKey>find(where + " order by id desc", parameters)
                .range(0, page.limit())
                .list();
        // A page is made of rows, which are looked at together.
        var all = page.page(rows, key -> key.id, key -> key);
        return new Page<>(views(all.items()), all.nextCursor());
    }

    private List<ApiKeyView> views(List<ApiKey> keys) {
        var lastUses = usage.lastUse(keys.stream().map(key -> key.id).toList());
        var others = new HashSet<UUID>();
        keys.forEach(key -> {
            Optional.ofNullable(key.createdByKey).ifPresent(others::add);
            Optional.ofNullable(key.refreshedFrom).ifPresent(others::add);
        });
        var keyIds = ApiKey.<ApiKey>list("id in ?1", others).stream()
                .collect(Collectors.toMap(key -> key.id, key -> key.keyId));
        var now = clock.instant();
        return keys.stream()
                .map(key -> ApiKeyView.of(key, keyIds, lastUses.get(key.id), refreshWindow, now))
                .toList();
    }

    private static boolean administers(Caller caller, String scope) {
        return caller.scopes().covers(isKey(caller) ? scope : Scopes.ADMIN_TENANT);
    }

    private static boolean isOf(ApiKey key, Caller caller) {
        return isKey(caller)
                && (key.id.equals(caller.id())
                        || key.createdByKey != null
                                && ApiKey.<ApiKey>findById(key.createdByKey)
                                        .familyId
                                        .equals(family(caller)));
    }

    /** What a key made its successors go on with. */
    private static UUID family(Caller key) {
        return ApiKey.<ApiKey>findById(key.id()).familyId;
    }

    private static boolean isKey(Caller caller) {
        return caller.kind() == Caller.Kind.API_KEY || caller.kind() == Caller.Kind.DERIVED_TOKEN;
    }

    private static Problem refusal(Caller caller) {
        return isKey(caller) || caller.scopes().covers(Scopes.ADMIN_TENANT)
                ? Problem.notFound()
                : new Problem(CommonProblem.INSUFFICIENT_SCOPE, "This takes the scope " + Scopes.ADMIN_TENANT)
                        .with("required_scopes", List.of(Scopes.ADMIN_TENANT));
    }
}
