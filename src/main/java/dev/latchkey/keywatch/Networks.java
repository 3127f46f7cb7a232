package dev.latchkey.keywatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.UseListener;
import dev.latchkey.keywatch.SuspiciousActivity.Reason;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** From which networks a key is used. A first network is learnt; each further one is raised. */
@Singleton
class Networks implements UseListener {

    private static final Logger LOG = Logger.getLogger(Networks.class);
    private static final int MOST_SEEN = 100_000;
    private static final int MOST_WAITING = 1000;
    private static final int MOST_OF_A_KEY = 100;

    private record Seen(UUID credential, String network) {}

    private final EntityManager database;
    private final Suspicions suspicions;
    private final Clock clock;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Cache<Seen, Boolean> seen =
            Caffeine.newBuilder().maximumSize(MOST_SEEN).build();

    Networks(EntityManager database, Suspicions suspicions, Clock clock) {
        this.database = database;
        this.suspicions = suspicions;
        this.clock = clock;
    }

    @Override
    public void used(Credential credential, Use use) {
        var network = network(use.address());
        if (network.isEmpty()) {
            return;
        }
        var one = new Seen(credential.id(), network);
        if (seen.getIfPresent(one) == null && seen.asMap().putIfAbsent(one, true) == null) {
            lookBehind(credential, one);
        }
    }

    // Whoever waits for the answer does not wait for this. What finds no room is looked at when it is seen again.
    private void lookBehind(Credential credential, Seen one) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            seen.invalidate(one);
            return;
        }
        try {
            Infrastructure.getDefaultWorkerPool().execute(() -> look(credential, one));
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
        }
    }

    private void look(Credential credential, Seen one) {
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                var others = others(one);
                if (learn(one) && !others.isEmpty()) {
                    suspicions.raise(new SuspiciousActivity(
                            credential.tenantId(),
                            credential.id(),
                            credential.keyId(),
                            Reason.NEW_NETWORK,
                            Map.of("network", one.network(), "known_networks", others.size())));
                }
            });
        } catch (RuntimeException e) {
            LOG.warnf("A network could not be looked at: %s", e);
            seen.invalidate(one);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private List<?> others(Seen one) {
        return database.createNativeQuery(
                        "select network from keywatch_networks where credential_id = ?1 and network <> ?2 limit "
                                + MOST_OF_A_KEY)
                .setParameter(1, one.credential())
                .setParameter(2, one.network())
                .getResultList();
    }

    /** Whether it was not known. */
    private boolean learn(Seen one) {
        return database.createNativeQuery("""
                        insert into keywatch_networks (credential_id, network, first_seen_at)
                        select ?1, ?2, ?3 where (select count(*) from keywatch_networks where credential_id = ?1) < ?4
                        on conflict do nothing""")
                        .setParameter(1, one.credential())
                        .setParameter(2, one.network())
                        .setParameter(3, clock.instant())
                        .setParameter(4, MOST_OF_A_KEY)
                        .executeUpdate()
                > 0;
    }

    /** The /24 of an IPv4 address, the /48 of one of IPv6; empty if it is not known. */
    static String network(String address) {
        var groups = address.split(":", -1);
        if (groups.length == 8) {
            return String.join(":", List.of(groups).subList(0, 3)) + "::/48";
        }
        var end = address.lastIndexOf('.');
        return end < 0 ? "" : address.substring(0, end) + ".0/24";
    }
}
