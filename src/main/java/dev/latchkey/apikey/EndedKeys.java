package dev.latchkey.apikey;

import dev.latchkey.apikey.ApiKey.Ended;
import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.signing.SignedCredentials;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** What becomes of many keys at once: those of a withdrawn signing key end, and those that ended long ago are forgotten. */
@ApplicationScoped
class EndedKeys implements SignedCredentials {

    private static final int AT_A_TIME = 500;
    private static final int MOST_NAMED = 100;
    private static final Duration REMEMBERED = Duration.ofDays(90);
    private static final int MOST_FORGOTTEN = 5000;

    private final ApiKeyService keys;
    private final AuditLog audit;
    private final ClusterLock lock;
    private final Clock clock;

    EndedKeys(ApiKeyService keys, AuditLog audit, ClusterLock lock, Clock clock) {
        this.keys = keys;
        this.audit = audit;
        this.lock = lock;
        this.clock = clock;
    }

    @Override
    public String word() {
        return "api_keys";
    }

    @Override
    public long countSignedBy(String kid) {
        return ApiKey.countSignedBy(kid, clock.instant());
    }

    /** In transactions of some hundred: there may be very many. */
    @Override
    public void endWithdrawn() {
        int ended;
        do {
            ended = QuarkusTransaction.requiringNew().call(this::endSome);
        } while (ended == AT_A_TIME);
    }

    private int endSome() {
        var some = ApiKey.signedByWithdrawn(clock.instant(), AT_A_TIME);
        some.forEach(key -> keys.end(key, Ended.SIGNING_KEY_WITHDRAWN));
        some.stream().collect(Collectors.groupingBy(key -> key.tenantId)).forEach(this::record);
        return some.size();
    }

    private void record(UUID tenantId, List<ApiKey> ended) {
        audit.record(AuditEntry.of(tenantId, "api_key.died", "signing_key", ended.getFirst().kid)
                .with("count", ended.size())
                .with(
                        "key_ids",
                        ended.stream().map(key -> key.keyId).limit(MOST_NAMED).toList()));
    }

    @Scheduled(every = "1h", delayed = "10m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forgetOld() {
        QuarkusTransaction.requiringNew().run(() -> {
            if (lock.tryTake("apikey.forget")) {
                ApiKey.forget(clock.instant().minus(REMEMBERED), MOST_FORGOTTEN);
            }
        });
    }
}
