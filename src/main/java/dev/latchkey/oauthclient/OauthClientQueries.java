package dev.latchkey.oauthclient;

import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reads clients. */
@ApplicationScoped
class OauthClientQueries {

    @Transactional
    Page<OauthClientView> list(UUID tenantId, PageRequest page) {
        var where = new StringBuilder("tenantId = :tenant");
        var parameters = new HashMap<String, Object>(Map.of("tenant", tenantId));
        page.after().ifPresent(after -> {
            where.append(" and id < :after");
            parameters.put("after", after);
        });
        var rows = OauthClient.<OauthClient>find(where + " order by id desc", parameters)
                .range(0, page.limit())
                .list();
        var secrets = secrets(rows.stream().map(client -> client.id).toList());
        return page.page(
                rows, client -> client.id, client -> OauthClientView.of(client, secrets.getOrDefault(client.id, 0)));
    }

    private static Map<UUID, Integer> secrets(List<UUID> clients) {
        return ClientSecret.<ClientSecret>list("clientId in ?1", clients).stream()
                .collect(Collectors.toMap(secret -> secret.clientId, secret -> 1, Integer::sum));
    }
}
