package dev.latchkey.grant;

import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ClientIdentity;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import dev.latchkey.provider.ProvidersConfig;
import dev.latchkey.provider.TokenEndpoint;
import dev.latchkey.provider.TokenReply;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Refreshes grants: each by one replica at a time, and by one thread of it. */
@Singleton
public class Refresher {

    private static final Logger LOG = Logger.getLogger(Refresher.class);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    // Discovery, and each secret that a client may have.
    private static final int CALLS = 4;

    private record Asked(OauthClient client, ClientIdentity identity, Provider provider) {}

    private final OauthClients clients;
    private final Providers providers;
    private final TokenEndpoint endpoint;
    private final Grants grants;
    private final GrantChanges changes;
    private final Breakers breakers;
    private final Duration lease;
    private final Clock clock;
    private final Map<UUID, CompletableFuture<Optional<Grant>>> underWay = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("latchkey-refresh").factory());

    Refresher(
            OauthClients clients,
            Providers providers,
            TokenEndpoint endpoint,
            Grants grants,
            GrantChanges changes,
            Breakers breakers,
            ProvidersConfig config,
            Clock clock) {
        this.clients = clients;
        this.providers = providers;
        this.endpoint = endpoint;
        this.grants = grants;
        this.changes = changes;
        this.breakers = breakers;
        this.lease = config.timeout().multipliedBy(CALLS).plus(MARGIN);
        this.clock = clock;
    }

    /** How long a lease lasts: longer than all that may be waited for under it. */
    Duration leaseLength() {
        return lease;
    }

    /** The grant after a refresh, whoever made it and whatever came of it; empty if it is gone. */
    public Uni<Optional<Grant>> refresh(Grant known) {
        return Uni.createFrom().completionStage(() -> {
            var mine = new CompletableFuture<Optional<Grant>>();
            var other = underWay.putIfAbsent(known.clientId(), mine);
            if (other != null) {
                return other;
            }
            threads.execute(() -> {
                try {
                    var fresh = refreshOrWait(known);
                    underWay.remove(known.clientId());
                    mine.complete(fresh);
                } catch (RuntimeException e) {
                    underWay.remove(known.clientId());
                    mine.completeExceptionally(e);
                }
            });
            return mine;
        });
    }

    /** Whether all that callers wait for has ended by then. */
    boolean isIdleWithin(Duration patience) throws InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        while (!underWay.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(LOOK);
        }
        return underWay.isEmpty();
    }

    private Optional<Grant> refreshOrWait(Grant known) {
        var owner = UUID.randomUUID();
        var leased = grants.lease(known, owner, lease);
        if (leased.isPresent()) {
            refresh(leased.get(), owner);
            return grants.find(known.clientId());
        }
        return await(known);
    }

    // Somebody else asks, or has asked since this grant was read.
    private Optional<Grant> await(Grant known) {
        var end = System.nanoTime() + lease.toNanos();
        var now = grants.find(known.clientId());
        while (now.isPresent()
                && now.get().version() == known.version()
                && now.get().isLeased()
                && System.nanoTime() < end) {
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return now;
            }
            now = grants.find(known.clientId());
        }
        return now;
    }

    /** Refreshes what this replica has the lease of. Blocking. */
    void refresh(Grant leased, UUID owner) {
        TokenReply reply;
        Optional<Asked> asked = Optional.empty();
        try {
            asked = asked(leased);
            reply = asked.map(who -> ask(who, leased)).orElseGet(() -> new Failed("no_client", Optional.empty()));
        } catch (Problem unavailable) {
            reply = new Failed(unavailable.code().code(), Optional.empty());
        }
        write(leased, owner, asked, reply);
    }

    private Optional<Asked> asked(Grant grant) {
        return QuarkusTransaction.requiringNew()
                .call(() -> clients.find(grant.clientId()).map(client -> Map.entry(client, clients.identity(client))))
                .map(one -> new Asked(one.getKey(), one.getValue(), providers.get(one.getKey().provider)));
    }

    private TokenReply ask(Asked who, Grant grant) {
        var name = who.provider().name();
        var wait = breakers.wait(name);
        if (wait.isPresent()) {
            return new Failed(grant.lastFailure().orElse("provider_left_alone"), wait);
        }
        var reply = endpoint.refresh(
                who.provider(), who.identity(), grant.refreshToken().orElseThrow());
        if (reply instanceof Failed failed) {
            breakers.failed(name, failed.retryAfter());
        } else {
            breakers.worked(name);
        }
        return reply;
    }

    private void write(Grant leased, UUID owner, Optional<Asked> asked, TokenReply reply) {
        var now = clock.instant();
        var written =
                switch (reply) {
                    case Granted granted ->
                        changes.refreshed(
                                leased,
                                owner,
                                granted.tokens(),
                                asked.orElseThrow().provider(),
                                now);
                    case Refused refused -> changes.refused(leased, owner, refused, now);
                    case Failed failed -> changes.failed(leased, owner, failed, now);
                };
        if (!written) {
            LOG.infof("A refresh came too late: the connection %s is another one by now", leased.clientId());
        }
    }

    /** Tells the provider that what was revoked here is over; false if it could not be told. Blocking. */
    public boolean revokeUpstream(Grant grant) {
        var token = grant.refreshToken().or(grant::accessToken);
        if (token.isEmpty()) {
            return true;
        }
        try {
            return asked(grant)
                    .map(who -> endpoint.revoke(who.provider(), who.identity(), token.get()))
                    .orElse(false);
        } catch (Problem unavailable) {
            return false;
        }
    }

    Instant now() {
        return clock.instant();
    }
}
