package dev.latchkey.oauth;

import dev.latchkey.grant.Grant;
import dev.latchkey.grant.GrantChanges;
import dev.latchkey.grant.GrantState;
import dev.latchkey.grant.Grants;
import dev.latchkey.grant.Refresher;
import dev.latchkey.oauth.Connections.Connection;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Tokens that work now, and the end of connections. */
@ApplicationScoped
class ConnectionService {

    // A token that has nearly all of its life left is not made fresher by asking again.
    private static final int FRESH = 10;
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final OauthClients clients;
    private final Connections connections;
    private final Grants grants;
    private final GrantChanges changes;
    private final Refresher refresher;
    private final Clock clock;

    ConnectionService(
            OauthClients clients,
            Connections connections,
            Grants grants,
            GrantChanges changes,
            Refresher refresher,
            Clock clock) {
        this.clients = clients;
        this.connections = connections;
        this.grants = grants;
        this.changes = changes;
        this.refresher = refresher;
        this.clock = clock;
    }

    /** A connection whose grant has an access token that may be used. */
    record Live(long number, Grant grant) {}

    /**
     * A token of the branch with at least that much life, if one can be had; else what is left of one. Non-blocking.
     *
     * @throws Problem {@code not_found}, {@code not_connected}, {@code reauthorization_required}; {@code unavailable} if there is no token that is valid
     */
    Uni<Live> token(UUID tenantId, String branchId, Duration least) {
        return connections.find(tenantId, branchId).chain(found -> {
            var connection = found.orElseThrow(Problem::notFound);
            var grant = granted(connection);
            return isGoodFor(grant, least)
                    ? Uni.createFrom().item(new Live(connection.number(), grant))
                    : refreshed(connection, grant);
        });
    }

    private Uni<Live> refreshed(Connection connection, Grant known) {
        var refreshed = known.mayBeRefreshed() && !hasJustFailed(known)
                ? refresher.refresh(known)
                : Uni.createFrom().item(Optional.of(known));
        return refreshed
                .onFailure()
                .recoverWithItem(failure -> Optional.of(known))
                .map(fresh -> new Live(connection.number(), usable(connection, fresh.orElse(known))));
    }

    // Whoever asks again and again does not ask the provider each time.
    private boolean hasJustFailed(Grant grant) {
        return grant.failures() > 0
                && grant.lastFailureAt()
                        .filter(clock.instant().minus(PAUSE)::isBefore)
                        .isPresent();
    }

    private Grant usable(Connection connection, Grant grant) {
        if (grant.state() == GrantState.REVOKED) {
            throw notConnected(connection.number());
        }
        if (grant.left(clock.instant()).isPositive()) {
            return grant;
        }
        if (grant.state() == GrantState.REAUTHORIZATION_REQUIRED
                || grant.refreshToken().isEmpty()) {
            throw loginAt(
                            new Problem(
                                    OauthProblem.REAUTHORIZATION_REQUIRED,
                                    OauthProblem.REAUTHORIZATION_REQUIRED.title()),
                            connection.number())
                    .with("reason", grant.lastFailure().orElse("no_refresh_token"));
        }
        throw new Problem(
                        CommonProblem.UNAVAILABLE, "There is no token with life left, and the provider gives none now")
                .with("reason", grant.lastFailure().orElse("refresh_under_way"))
                .header("Retry-After", "5");
    }

    private static Grant granted(Connection connection) {
        return connection
                .grant()
                .filter(grant -> connection.isActive() && grant.state() != GrantState.REVOKED)
                .orElseThrow(() -> notConnected(connection.number()));
    }

    private static Problem notConnected(long number) {
        return loginAt(new Problem(OauthProblem.NOT_CONNECTED, OauthProblem.NOT_CONNECTED.title()), number);
    }

    private static Problem loginAt(Problem problem, long number) {
        return problem.with("login", "/token-management/oauth/login/" + number);
    }

    private boolean isGoodFor(Grant grant, Duration least) {
        var left = grant.left(clock.instant());
        var isFresh = grant.life()
                .map(all -> left.multipliedBy(FRESH).compareTo(all.multipliedBy(FRESH - 1)) > 0)
                .orElse(true);
        // Of one that is over there is nothing left, which is as much as who asks for no seconds wants.
        return left.isPositive() && (left.compareTo(least) >= 0 || isFresh);
    }

    /** Refreshes now, whatever life is left. Blocking. */
    Live refresh(UUID tenantId, ClientReference name) {
        var client = clients.get(tenantId, name);
        var connection = new Connection(client.id, client.number, client.isActive, find(client.id));
        var grant = granted(connection);
        if (!grant.mayBeRefreshed()) {
            throw loginAt(
                            new Problem(
                                    OauthProblem.REAUTHORIZATION_REQUIRED,
                                    OauthProblem.REAUTHORIZATION_REQUIRED.title()),
                            client.number)
                    .with("reason", grant.lastFailure().orElse("no_refresh_token"));
        }
        var fresh = refresher.refresh(grant).await().indefinitely().orElseThrow(Problem::notFound);
        if (fresh.version() == grant.version()) {
            // Nobody refreshed it: whoever asked for that is told why, though the old token may still work.
            var usable = fresh.state() == GrantState.REAUTHORIZATION_REQUIRED
                    ? OauthProblem.REAUTHORIZATION_REQUIRED
                    : OauthProblem.EXCHANGE_FAILED;
            throw loginAt(new Problem(usable, usable.title()), client.number)
                    .with("reason", fresh.lastFailure().orElse("unknown"));
        }
        return new Live(client.number, fresh);
    }

    private Optional<Grant> find(UUID clientId) {
        return QuarkusTransaction.requiringNew().call(() -> grants.find(clientId));
    }

    /** Ends the branch's grant here, and tells the provider. True if the provider knows. Blocking. */
    boolean revoke(UUID tenantId, String branchId) {
        var client = clients.ofBranch(tenantId, branchId).orElseThrow(Problem::notFound);
        var grant = find(client.id)
                .filter(known -> known.state() != GrantState.REVOKED)
                .orElseThrow(() -> notConnected(client.number));
        changes.revoked(grant, clock.instant());
        return tellProvider(grant);
    }

    private boolean tellProvider(Grant grant) {
        var isTold = refresher.revokeUpstream(grant);
        if (isTold) {
            changes.revokedUpstream(grant);
        }
        return isTold;
    }

    /** Ends the client's grant, tells the provider, and forgets the client. True if the provider knows, or there was nothing to tell. Blocking. */
    boolean delete(UUID tenantId, ClientReference name) {
        var client = clients.get(tenantId, name);
        var grant = find(client.id).filter(known -> known.state() != GrantState.REVOKED);
        grant.ifPresent(known -> changes.revoked(known, clock.instant()));
        var isTold = grant.map(this::tellProvider).orElse(true);
        QuarkusTransaction.requiringNew().run(() -> clients.delete(client));
        return isTold;
    }
}
