package dev.latchkey.refresh;

import dev.latchkey.grant.Grant;
import dev.latchkey.grant.GrantChanges;
import dev.latchkey.grant.GrantConfig;
import dev.latchkey.grant.GrantState;
import dev.latchkey.grant.Grants;
import dev.latchkey.provider.ProvidersConfig;
import dev.latchkey.provider.TokenReply;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import dev.latchkey.provider.Tokens;
import dev.latchkey.refresh.Upstream.Answer;
import dev.latchkey.refresh.Upstream.Told;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
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
    private static final String REFRESHES = "latchkey_connection_refreshes";
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration WRITE_AGAIN = Duration.ofSeconds(1);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    // Discovery, and each secret that a client may have.
    private static final int CALLS = 4;

    private final Upstream upstream;
    private final Grants grants;
    private final GrantChanges changes;
    private final GrantConfig config;
    private final Duration leaseLength;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final Map<UUID, CompletableFuture<Optional<Grant>>> underWay = new ConcurrentHashMap<>();
    private final ExecutorService callers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("latchkey-refresh").factory());

    Refresher(
            Upstream upstream,
            Grants grants,
            GrantChanges changes,
            ProvidersConfig providers,
            GrantConfig config,
            MeterRegistry metrics,
            Clock clock) {
        this.upstream = upstream;
        this.grants = grants;
        this.changes = changes;
        this.config = config;
        this.leaseLength = providers.timeout().multipliedBy(CALLS).plus(MARGIN);
        this.metrics = metrics;
        this.clock = clock;
    }

    /** How long a lease lasts: longer than all that may be waited for under it. */
    Duration leaseLength() {
        return leaseLength;
    }

    /** False for one that cannot be refreshed, or could not be a moment ago: whoever asks again and again does not ask the provider each time. */
    public boolean isWorthAsking(Grant grant) {
        var hasJustFailed = grant.failures() > 0
                && grant.lastFailureAt()
                        .filter(clock.instant().minus(config.retryAfter())::isBefore)
                        .isPresent();
        return grant.mayBeRefreshed() && !hasJustFailed;
    }

    /** The grant after a refresh, whoever made it and whatever came of it; empty if it is gone. Who waits no longer does not end it for others. */
    public Uni<Optional<Grant>> refresh(Grant known) {
        return Uni.createFrom().completionStage(() -> {
            var mine = new CompletableFuture<Optional<Grant>>();
            var other = underWay.putIfAbsent(known.clientId(), mine);
            if (other != null) {
                return other.copy();
            }
            callers.execute(() -> serve(known, mine));
            return mine.copy();
        });
    }

    private void serve(Grant known, CompletableFuture<Optional<Grant>> waiting) {
        try {
            var fresh = refreshOrWait(known);
            underWay.remove(known.clientId());
            waiting.complete(fresh);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The connection %s could not be refreshed", known.clientId());
            underWay.remove(known.clientId());
            waiting.completeExceptionally(e);
        }
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
        var leased = grants.lease(known, owner, leaseLength);
        if (leased.isPresent()) {
            refresh(leased.get(), owner);
            return grants.find(known.clientId());
        }
        return await(known);
    }

    // Somebody else asks, or has asked since this grant was read.
    private Optional<Grant> await(Grant known) {
        var end = System.nanoTime() + leaseLength.toNanos();
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
        var answer = upstream.ask(leased);
        metrics.counter(REFRESHES, "outcome", outcome(answer.reply())).increment();
        if (!write(leased, owner, answer)) {
            LOG.infof("A refresh came too late: the connection %s is another one by now", leased.clientId());
            endIfRevoked(leased, answer);
        }
    }

    // There is no second copy of what a provider granted: while PostgreSQL fails, it is written again and again.
    private boolean write(Grant leased, UUID owner, Answer answer) {
        var end = System.nanoTime() + leaseLength.toNanos();
        while (true) {
            try {
                return writeOnce(leased, owner, answer);
            } catch (RuntimeException e) {
                if (!(answer.reply() instanceof Granted) || System.nanoTime() >= end || !pause()) {
                    throw e;
                }
                LOG.warnf("The refreshed connection %s is not written yet: %s", leased.clientId(), e);
            }
        }
    }

    /** False if it was interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(WRITE_AGAIN);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean writeOnce(Grant leased, UUID owner, Answer answer) {
        var now = clock.instant();
        return switch (answer.reply()) {
            case Granted granted ->
                changes.refreshed(
                        leased,
                        owner,
                        granted.tokens(),
                        answer.peer().orElseThrow().provider(),
                        now);
            case Refused refused -> changes.refused(leased, owner, refused, now);
            case Failed failed -> changes.failed(leased, owner, failed, now);
        };
    }

    private static String outcome(TokenReply reply) {
        return switch (reply) {
            case Granted granted -> "granted";
            case Refused refused -> "refused";
            case Failed failed -> "failed";
        };
    }

    // Of what was revoked or deleted meanwhile the provider has just made another token, which nobody shall have.
    private void endIfRevoked(Grant leased, Answer answer) {
        var isOver = grants.find(leased.clientId())
                .map(grant -> grant.state() == GrantState.REVOKED)
                .orElse(true);
        if (isOver && answer.reply() instanceof Granted(Tokens tokens, int ignored)) {
            var told = upstream.revoke(
                    answer.peer().orElseThrow(), tokens.refreshToken().orElse(tokens.accessToken()));
            if (told == Told.NOT_YET) {
                LOG.warnf("A token of the connection %s, which is over, lives on at its provider", leased.clientId());
            }
        }
    }
}
