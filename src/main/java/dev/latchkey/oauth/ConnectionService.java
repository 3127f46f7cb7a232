package dev.latchkey.oauth;

import dev.latchkey.grant.Grant;
import dev.latchkey.grant.GrantState;
import dev.latchkey.grant.Grants;
import dev.latchkey.oauth.Connections.Connection;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ProblemCode;
import dev.latchkey.provider.ProviderProblem;
import dev.latchkey.refresh.Refresher;
import dev.latchkey.refresh.Revocations;
import dev.latchkey.refresh.Revocations.Revoked;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Tokens that work now, and the end of connections. */
@Singleton
class ConnectionService {

    // A token that has so much of its life left is not made better by asking again...
    private static final double FRESH = 0.9;
    // ...and where the whole life is less than what is asked for, so much is as good.
    private static final double AS_GOOD_AS_CAN_BE = 0.5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final OauthClients clients;
    private final Connections connections;
    private final Grants grants;
    private final Refresher refresher;
    private final Revocations revocations;
    private final Clock clock;

    ConnectionService(
            OauthClients clients,
            Connections connections,
            Grants grants,
            Refresher refresher,
            Revocations revocations,
            Clock clock) {
        this.clients = clients;
        this.connections = connections;
        this.grants = grants;
        this.refresher = refresher;
        this.revocations = revocations;
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

    /** A token of the branch that this replica knows and that has so much life; empty where it would have to look, or to ask. */
    Optional<Live> glance(UUID tenantId, String branchId, Duration least) {
        return connections.glance(tenantId, branchId).flatMap(connection -> connection
                .grant()
                .filter(grant -> isOffered(connection, grant) && isGoodFor(grant, least))
                .map(grant -> new Live(connection.number(), grant)));
    }

    private Uni<Live> refreshed(Connection connection, Grant known) {
        if (!refresher.isWorthAsking(known)) {
            return Uni.createFrom().item(() -> new Live(connection.number(), usable(connection, known)));
        }
        return refresher
                .refresh(known)
                .ifNoItem()
                .after(patience(known))
                .recoverWithItem(Optional.of(known))
                .onFailure()
                .recoverWithItem(Optional.of(known))
                .map(fresh -> new Live(connection.number(), usable(connection, fresh.orElse(known))));
    }

    // Who waits shall not lose by it what could have been given at once.
    private Duration patience(Grant grant) {
        var left = grant.left(clock.instant());
        var half = left.dividedBy(2);
        return left.isZero() || half.compareTo(PATIENCE) > 0 ? PATIENCE : half;
    }

    private Grant usable(Connection connection, Grant grant) {
        if (grant.state() == GrantState.REVOKED) {
            throw notConnected(connection.number());
        }
        if (grant.left(clock.instant()).isPositive()) {
            return grant;
        }
        if (!grant.mayBeRefreshed()) {
            throw toBeConnectedAgain(connection.number(), grant);
        }
        throw new Problem(
                        CommonProblem.UNAVAILABLE, "There is no token with life left, and the provider gives none now")
                .with("reason", grant.lastFailure().orElse("refresh_under_way"))
                .header("Retry-After", "5");
    }

    private static Grant granted(Connection connection) {
        return connection
                .grant()
                .filter(grant -> isOffered(connection, grant))
                .orElseThrow(() -> notConnected(connection.number()));
    }

    private static boolean isOffered(Connection connection, Grant grant) {
        return connection.isActive() && grant.state() != GrantState.REVOKED;
    }

    private static Problem notConnected(long number) {
        return loginAt(ConnectionProblem.NOT_CONNECTED, number);
    }

    private static Problem toBeConnectedAgain(long number, Grant grant) {
        return loginAt(ConnectionProblem.REAUTHORIZATION_REQUIRED, number)
                .with("reason", grant.lastFailure().orElse("no_refresh_token"));
    }

    private static Problem loginAt(ProblemCode code, long number) {
        return new Problem(code, code.title()).with("login", "/token-management/oauth/login/" + number);
    }

    // Of one that is over there is nothing left, which is as much as who asks for no seconds wants.
    private boolean isGoodFor(Grant grant, Duration least) {
        var left = grant.left(clock.instant());
        return left.isPositive()
                && (left.compareTo(least) >= 0
                        || grant.life()
                                .map(life -> left.toMillis() >= life.toMillis() * enough(life, least))
                                .orElse(true));
    }

    private static double enough(Duration life, Duration least) {
        return least.compareTo(life) < 0 ? FRESH : AS_GOOD_AS_CAN_BE;
    }

    /** Refreshes now, whatever life is left. Blocking. */
    Live refresh(UUID tenantId, ClientReference name) {
        var client = clients.get(tenantId, name);
        var found = QuarkusTransaction.requiringNew().call(() -> grants.find(client.id));
        var grant = granted(new Connection(client.number, client.isActive, found));
        if (!grant.mayBeRefreshed()) {
            throw toBeConnectedAgain(client.number, grant);
        }
        var fresh = refresher.refresh(grant).await().indefinitely().orElseThrow(Problem::notFound);
        if (fresh.version() == grant.version() || fresh.failures() > 0 || fresh.state() != GrantState.CONNECTED) {
            // Nobody refreshed it: whoever asked for that is told why, though the old token may still work.
            throw fresh.state() == GrantState.REAUTHORIZATION_REQUIRED
                    ? toBeConnectedAgain(client.number, fresh)
                    : loginAt(ProviderProblem.EXCHANGE_FAILED, client.number)
                            .with("reason", fresh.lastFailure().orElse("unknown"));
        }
        return new Live(client.number, fresh);
    }

    /** Ends the branch's grant here, and tells the provider. True if the provider knows. Blocking. */
    boolean revoke(UUID tenantId, String branchId) {
        var client = clients.ofBranch(tenantId, branchId).orElseThrow(Problem::notFound);
        var revoked = revocations.revoke(client);
        if (revoked == Revoked.NOTHING_TO_REVOKE) {
            throw notConnected(client.number);
        }
        return revoked == Revoked.HERE_AND_AT_PROVIDER;
    }

    /** Ends the client's grant, tells the provider, and forgets the client. False if the provider was not told, and should have been. Blocking. */
    boolean delete(UUID tenantId, ClientReference name) {
        var client = clients.get(tenantId, name);
        var revoked = revocations.revoke(client);
        var atLast = revoked == Revoked.NOTHING_TO_REVOKE ? revocations.tellAtLast(client) : revoked;
        QuarkusTransaction.requiringNew().run(() -> clients.delete(client));
        return atLast != Revoked.HERE_ONLY;
    }
}
