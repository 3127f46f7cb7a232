package dev.latchkey.session;

import dev.latchkey.identity.User;
import dev.latchkey.platform.cache.NearCache;
import dev.latchkey.platform.cache.NearCaches;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.signing.Jwts;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Tells who the bearer of an access token is. */
@Singleton
public class SessionVerifier {

    /** By session id. */
    static final String CACHE = "sessions";

    private static final int MOST_CACHED = 20_000;
    private static final Scopes READ_ONLY = Scopes.of("read:*");
    private static final Scopes WHOLE_TENANT = Scopes.of(Scopes.ADMIN_TENANT);

    /** What is known of a running session. */
    private record Known(Caller caller, Instant expiresAt) {}

    private final AccessTokens accessTokens;
    private final NearCache<Known> sessions;
    private final Clock clock;

    SessionVerifier(AccessTokens accessTokens, NearCaches caches, Clock clock) {
        this.accessTokens = accessTokens;
        this.sessions = caches.create(CACHE, MOST_CACHED);
        this.clock = clock;
    }

    /** Whether the text could be an access token; no I/O. */
    public boolean recognises(String text) {
        return Jwts.looksLikeJwt(text);
    }

    /** Whether its signature was checked before; no I/O. */
    public boolean remembers(String text) {
        return accessTokens.remembers(text);
    }

    /** Fails with {@code invalid_token}, {@code expired_token} or {@code revoked_token}. */
    public Uni<Caller> verify(String text) {
        return accessTokens.verify(text).chain(id -> sessions.get(id.toString(), () -> load(id))
                .map(this::judge));
    }

    private Caller judge(Optional<Known> known) {
        var now = clock.instant();
        return known.filter(session -> now.isBefore(session.expiresAt()))
                .map(Known::caller)
                .orElseThrow(() -> new Problem(CommonProblem.REVOKED_TOKEN, "The session has ended"));
    }

    private Optional<Known> load(UUID sessionId) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var session = Session.<Session>findById(sessionId);
            if (session == null || !session.isRunning(clock.instant())) {
                return Optional.empty();
            }
            var user = User.<User>findById(session.userId);
            var caller = new Caller(
                    Caller.Kind.SESSION, user.tenantId, session.id, Optional.of(user.id), user.role, scopes(user.role));
            return user.isDisabled() ? Optional.empty() : Optional.of(new Known(caller, session.expiresAt));
        });
    }

    private static Scopes scopes(Role role) {
        return switch (role) {
            case GUEST -> READ_ONLY;
            case USER, ADMIN, OWNER -> WHOLE_TENANT;
        };
    }
}
