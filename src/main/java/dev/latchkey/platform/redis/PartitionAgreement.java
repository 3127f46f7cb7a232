package dev.latchkey.platform.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Replicas that spread keys over different numbers of partitions would each count for themselves. So the first one writes its number
 * into Redis, and one with another number does not start. Whoever started without Redis, or had it emptied, looks again each minute.
 */
@ApplicationScoped
class PartitionAgreement {

    private static final Logger LOG = Logger.getLogger(PartitionAgreement.class);
    private static final String KEY = "latchkey:partitions";
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(5);
    private static final int AFTER_THE_CHECKS_AND_BEFORE_ALL_ELSE = 2;

    private final Redis redis;
    private final RedisAvailability availability;
    private final String own;
    private final boolean cluster;
    private volatile boolean disagrees;

    PartitionAgreement(
            Redis redis,
            RedisAvailability availability,
            RedisConfig config,
            @ConfigProperty(name = "quarkus.redis.client-type") Optional<String> clientType,
            MeterRegistry metrics) {
        this.redis = redis;
        this.availability = availability;
        this.own = Integer.toString(config.partitions());
        this.cluster = clientType.filter("cluster"::equalsIgnoreCase).isPresent();
        metrics.gauge("latchkey_redis_partitions_disagree", this, agreement -> agreement.disagrees ? 1 : 0);
    }

    /** @throws ConfigurationException if the others have another number */
    void agree(@Observes @Priority(AFTER_THE_CHECKS_AND_BEFORE_ALL_ELSE) StartupEvent event) {
        if (cluster && own.equals("1")) {
            LOG.warn("With latchkey.redis.partitions=1 one node of the Redis Cluster carries everything");
        }
        var others = others(PATIENCE_AT_START).await().indefinitely();
        if (others.isPresent()) {
            throw new ConfigurationException("Latchkey does not start: " + disagreement(others.get()));
        }
    }

    @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return others(PATIENCE_AT_START)
                .invoke(others -> {
                    disagrees = others.isPresent();
                    others.ifPresent(number -> LOG.error(disagreement(number)));
                })
                .replaceWithVoid();
    }

    /** The number of the others, if it is not our own; never fails. */
    private Uni<Optional<String>> others(Duration patience) {
        return availability
                .call(patience, () -> redis.send(
                                Request.cmd(Command.SET).arg(KEY).arg(own).arg("NX"))
                        .chain(() -> redis.send(Request.cmd(Command.GET).arg(KEY))))
                .map(number -> Optional.ofNullable(number).map(Object::toString).filter(agreed -> !agreed.equals(own)))
                .onFailure()
                .invoke(failure -> LOG.warnf("Whether all replicas have the same partitions is unknown: %s", failure))
                .onFailure()
                .recoverWithItem(Optional.empty());
    }

    private String disagreement(String others) {
        return ("latchkey.redis.partitions is %s here, and %s for the replicas that used this Redis before. "
                        + "Use the same number, or change it as docs/operations.md says under Redis Cluster.")
                .formatted(own, others);
    }
}
