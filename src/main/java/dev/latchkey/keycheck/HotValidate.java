package dev.latchkey.keycheck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.Credential;
import dev.latchkey.keyrole.KeyRoles;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.RequestFilters;
import dev.latchkey.verification.ShortCalls;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** The short way of a key's question about itself, for keys that this replica knows to be usable. */
@ApplicationScoped
class HotValidate {

    private static final int MOST_BYTES = 4 << 20;
    // What a text costs beside its bytes.
    private static final int ENTRY_BYTES = 160;

    private final RequestFilters filters;
    private final ShortCalls calls;
    private final KeyRoles roles;
    private final ObjectMapper json;
    // By identity: a credential that is read anew is another one.
    private final Cache<Credential, byte[]> texts = Caffeine.newBuilder()
            .weakKeys()
            .maximumWeight(MOST_BYTES)
            .weigher((Credential credential, byte[] text) -> ENTRY_BYTES + text.length)
            .build();

    HotValidate(RequestFilters filters, ShortCalls calls, KeyRoles roles, ObjectMapper json) {
        this.filters = filters;
        this.calls = calls;
        this.roles = roles;
        this.json = json;
    }

    void register(@Observes Router router) {
        router.get(ValidateResource.PATH).order(-FilterOrder.HOT_PATH).handler(this::validate);
    }

    private void validate(RoutingContext context) {
        if (!filters.begin(context)) {
            return;
        }
        calls.caller(context, PermissionQuery.NOTHING)
                .filter(ValidateResource::isOurs)
                .ifPresentOrElse(
                        key -> calls.serve(
                                context,
                                key,
                                ValidateResource.PATH,
                                PermissionQuery.NOTHING,
                                () -> texts.get(key, this::write)),
                        context::next);
    }

    private byte[] write(Credential key) {
        try {
            return json.writeValueAsBytes(ValidKey.of(key, roles.refreshWindow()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer is always JSON", e);
        }
    }
}
