package dev.latchkey.keywatch;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.UseListener;
import dev.latchkey.keywatch.SuspiciousActivity.Reason;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** From which networks a key is used. A first network is learnt; each further one is raised. */
@Singleton
class Networks implements UseListener {

    private static final Logger LOG = Logger.getLogger(Networks.class);
    private static final int MOST_SEEN = 100_000;
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 1000;
    private static final int MOST_OF_A_KEY = 100;

    // Yields those that were not known, each with how many of its key were. In one order everywhere, so that two
    // replicas
    // do not wait for each other.
    private static final String LEARN = """
            with seen as (
                select credential_id, network, row_number() over (partition by credential_id order by place) as place
                from unnest(?, ?) with ordinality as seen (credential_id, network, place)
            ), known as (
                select credential_id, count(*) as networks from keywatch_networks
                where credential_id in (select credential_id from seen)
                group by credential_id
            )
            insert into keywatch_networks (credential_id, network, first_seen_at)
            select seen.credential_id, seen.network, ? from seen left join known using (credential_id)
            where coalesce(known.networks, 0) + seen.place <= ?
            order by seen.credential_id, seen.place
            on conflict do nothing
            returning credential_id, network, (
                select networks from known where known.credential_id = keywatch_networks.credential_id)
            """;

    private record Seen(UUID credential, String network) {}

    private final DataSource database;
    private final Suspicions suspicions;
    private final Clock clock;
    private final BlockingQueue<Map.Entry<Seen, Credential>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Queue<SuspiciousActivity> toRaise = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Cache<Seen, Boolean> seen =
            Caffeine.newBuilder().maximumSize(MOST_SEEN).build();

    Networks(DataSource database, Suspicions suspicions, Clock clock) {
        this.database = database;
        this.suspicions = suspicions;
        this.clock = clock;
    }

    // Whoever waits for the answer does not wait for this. What finds no room is looked at when it is seen again.
    @Override
    public void used(Credential credential, Use use) {
        var network = network(use.address());
        if (network.isEmpty()) {
            return;
        }
        var one = new Seen(credential.id(), network);
        if (seen.getIfPresent(one) == null
                && seen.asMap().putIfAbsent(one, true) == null
                && !waiting.offer(Map.entry(one, credential))) {
            seen.invalidate(one);
        }
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        var some = new ArrayList<Map.Entry<Seen, Credential>>();
        while (waiting.drainTo(some, MOST_AT_ONCE) > 0) {
            look(some);
            some.clear();
        }
        raiseAll();
    }

    void stop(@Observes ShutdownEvent event) {
        look();
    }

    private void look(List<Map.Entry<Seen, Credential>> some) {
        var keys = new HashMap<UUID, Credential>();
        some.forEach(one -> keys.put(one.getValue().id(), one.getValue()));
        var networks = some.stream().map(Map.Entry::getKey).toList();
        try {
            QuarkusTransaction.requiringNew()
                    .call(() -> learn(networks))
                    .forEach(learnt -> toRaise.offer(of(learnt, keys)));
        } catch (RuntimeException e) {
            LOG.warnf("Networks could not be looked at: %s", e);
            seen.invalidateAll(networks);
        }
    }

    // Each alone: a tenant whose audit log is busy holds up no other.
    private void raiseAll() {
        for (var left = toRaise.size(); left > 0; left--) {
            var activity = toRaise.remove();
            try {
                suspicions.raise(activity);
            } catch (RuntimeException e) {
                LOG.warnf("What %s did could not be raised yet: %s", activity.keyId(), e);
                toRaise.offer(activity);
            }
        }
    }

    private record Learnt(Seen one, int known) {}

    private static SuspiciousActivity of(Learnt learnt, Map<UUID, Credential> keys) {
        var key = Objects.requireNonNull(keys.get(learnt.one().credential()));
        return new SuspiciousActivity(
                key.tenantId(),
                key.id(),
                key.keyId(),
                Reason.NEW_NETWORK,
                Map.of("network", learnt.one().network(), "known_networks", learnt.known()));
    }

    /** The new ones of keys that had one. */
    private List<Learnt> learn(List<Seen> networks) {
        var further = new ArrayList<Learnt>();
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(LEARN)) {
            statement.setArray(1, array(connection, "uuid", networks.stream().map(Seen::credential)));
            statement.setArray(2, array(connection, "text", networks.stream().map(Seen::network)));
            statement.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
            statement.setInt(4, MOST_OF_A_KEY);
            var known = new HashMap<UUID, Integer>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    var one = new Seen(row.getObject(1, UUID.class), row.getString(2));
                    var before = known.getOrDefault(one.credential(), row.getInt(3));
                    known.put(one.credential(), before + 1);
                    if (before > 0) {
                        further.add(new Learnt(one, before));
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Networks cannot be learnt", e);
        }
        return further;
    }

    private static Array array(Connection connection, String type, Stream<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }

    /** The /24 of an IPv4 address, the /48 of one of IPv6; empty if it is not known. */
    static String network(String address) {
        if (address.indexOf(':') < 0) {
            var end = address.lastIndexOf('.');
            return end < 0 ? "" : address.substring(0, end).concat(".0/24");
        }
        var groups = address.split(":", -1);
        return groups.length == 8 ? String.join(":", List.of(groups).subList(0, 3)) + "::/48" : "";
    }
}
