package dev.latchkey.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.Credential;
import dev.latchkey.grant.Grant;
import dev.latchkey.grant.TokenReads;
import dev.latchkey.oauth.ConnectionService.Live;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.http.RequestFilters;
import dev.latchkey.verification.ShortCalls;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The short way to a token that this replica knows, with enough life left, for a credential that it knows. */
@ApplicationScoped
class HotToken {

    private static final String PREFIX = "/token-management/tokens/";
    private static final String ENDPOINT = "/token-management" + ConnectionResource.TOKEN;
    private static final PermissionQuery NEEDS = PermissionQuery.all(List.of(ConnectionResource.READ));
    private static final Pattern PLAIN_BRANCH = Pattern.compile("[A-Za-z0-9._~-]{1,255}");
    private static final String MIN_SECONDS = "min_seconds=";
    private static final Pattern PLAIN_SECONDS = Pattern.compile(MIN_SECONDS + "[0-9]{1,5}");
    private static final int MOST_BYTES = 16 << 20;
    // What a text costs beside its bytes.
    private static final int ENTRY_BYTES = 160;

    private final RequestFilters filters;
    private final ShortCalls calls;
    private final ConnectionService connections;
    private final TokenReads reads;
    private final ObjectMapper json;
    // By identity: a grant that is read anew is another one.
    private final Cache<Grant, byte[]> texts = Caffeine.newBuilder()
            .weakKeys()
            .maximumWeight(MOST_BYTES)
            .weigher((Grant grant, byte[] text) -> ENTRY_BYTES + text.length)
            .build();

    HotToken(
            RequestFilters filters,
            ShortCalls calls,
            ConnectionService connections,
            TokenReads reads,
            ObjectMapper json) {
        this.filters = filters;
        this.calls = calls;
        this.connections = connections;
        this.reads = reads;
        this.json = json;
    }

    void register(@Observes Router router) {
        router.get(PREFIX + "*").order(-FilterOrder.HOT_PATH).handler(this::token);
    }

    private void token(RoutingContext context) {
        if (!filters.begin(context)) {
            return;
        }
        var branch = branch(context.request().path());
        var least = least(context.request().query());
        var caller = least.isPresent() && PLAIN_BRANCH.matcher(branch).matches()
                ? calls.caller(context, NEEDS)
                : Optional.<Credential>empty();
        var live = caller.flatMap(who -> connections.glance(who.tenantId(), branch, least.orElseThrow()));
        if (live.isEmpty()) {
            context.next();
            return;
        }
        calls.serve(context, caller.orElseThrow(), ENDPOINT, NEEDS, () -> {
            told(context, caller.orElseThrow(), live.get());
            return texts.get(live.get().grant(), grant -> write(live.get()));
        });
    }

    private void told(RoutingContext context, Credential caller, Live live) {
        reads.read(caller.kind().word(), caller.id(), live.grant(), "", RequestFacts.of(context));
    }

    private static String branch(@Nullable String path) {
        return path != null && path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
    }

    private static Optional<Duration> least(@Nullable String query) {
        if (query == null) {
            return Optional.of(Duration.ofSeconds(ConnectionResource.LEAST_SECONDS));
        }
        return Optional.of(query)
                .filter(text -> PLAIN_SECONDS.matcher(text).matches())
                .map(text -> Integer.parseInt(text.substring(MIN_SECONDS.length())))
                .filter(seconds -> seconds <= ConnectionResource.MOST_SECONDS)
                .map(Duration::ofSeconds);
    }

    private byte[] write(Live live) {
        try {
            return json.writeValueAsBytes(TokenAnswer.of(live));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer is always JSON", e);
        }
    }
}
