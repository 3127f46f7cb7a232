package dev.latchkey.signing;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.cache.Invalidations;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** Moves the keys from state to state, one change at a time among all replicas. */
@ApplicationScoped
class KeyRotation {

    private static final Logger LOG = Logger.getLogger(KeyRotation.class);
    private static final String LOCK = "signing.rotation";

    private final Sealer sealer;
    private final AuditLog audit;
    private final ClusterLock lock;
    private final SigningConfig config;
    private final List<SignedCredentials> signed;
    private final Invalidations invalidations;
    private final Clock clock;

    KeyRotation(
            Sealer sealer,
            AuditLog audit,
            ClusterLock lock,
            SigningConfig config,
            @All List<SignedCredentials> signed,
            Invalidations invalidations,
            Clock clock) {
        this.sealer = sealer;
        this.audit = audit;
        this.lock = lock;
        this.config = config;
        this.signed = signed;
        this.invalidations = invalidations;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        keepUp();
    }

    /** Makes the keys that are missing, rotates when it is time, and retires what has signed nothing that still lives. */
    @Scheduled(every = "5m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @Transactional
    void keepUp() {
        lock.take(LOCK);
        var now = clock.instant();
        fill(now);
        replaceUnwantedNext(now);
        var current = SigningKey.in(KeyState.CURRENT).orElseThrow();
        if (isDue(current, now) && isPublished(next(), now)) {
            promote(now);
        }
        SigningKey.spent(now).forEach(key -> {
            become(key, KeyState.RETIRED, now);
            audit.record(AuditEntry.of(null, "signing_key.retired", "signing_key", key.kid));
        });
    }

    /**
     * Lets the next key sign, and the current one retire.
     *
     * @throws Problem {@code conflict} if whoever verifies may not know the next key yet
     */
    @Transactional
    SigningKeyView rotate() {
        lock.take(LOCK);
        var now = clock.instant();
        var wait = untilPublished(next(), now);
        if (wait.isPositive()) {
            throw new Problem(
                            CommonProblem.CONFLICT,
                            "The next key must be published for "
                                    + config.publishAhead().toSeconds()
                                    + " s before it signs; withdraw the current key if it is compromised")
                    .header("Retry-After", Long.toString(wait.toSeconds() + 1));
        }
        promote(now);
        return view(SigningKey.in(KeyState.CURRENT).orElseThrow());
    }

    /**
     * Refuses from now on whatever the key signed; a second time it changes nothing. If it is the current key, the next one signs.
     *
     * @throws Problem {@code not_found}
     */
    @Transactional
    SigningKeyView withdraw(String kid) {
        lock.take(LOCK);
        var key =
                SigningKey.locked(kid).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND, "There is no such key"));
        var view = view(key);
        if (!key.state.isVerifying()) {
            return view;
        }
        var now = clock.instant();
        var was = key.state;
        become(key, KeyState.WITHDRAWN, now);
        if (was == KeyState.CURRENT) {
            become(next(), KeyState.CURRENT, now);
        }
        fill(now);
        LOG.warnf("The signing key %s was withdrawn; what dies with it: %s", kid, view.signed());
        audit.record(AuditEntry.of(null, "signing_key.withdrawn", "signing_key", kid)
                .with("state", Map.of("from", was.word(), "to", key.state.word()))
                .with("died", view.signed()));
        return SigningKeyView.of(key, view.signed());
    }

    /** Ends what withdrawn keys signed: it may be much, and what was signed with them is refused already where it is seen for the first time. */
    @Scheduled(every = "5m", delayed = "2m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void endWithdrawn() {
        signed.forEach(SignedCredentials::endWithdrawn);
    }

    @Transactional
    List<SigningKeyView> list() {
        return SigningKey.newestFirst().stream().map(this::view).toList();
    }

    private void promote(Instant now) {
        var current = SigningKey.in(KeyState.CURRENT).orElseThrow();
        // Whoever signs with it has written until when, or will see that it signs no more.
        SigningKey.getEntityManager().refresh(current, LockModeType.PESSIMISTIC_WRITE);
        var next = next();
        become(current, KeyState.RETIRING, now);
        become(next, KeyState.CURRENT, now);
        audit.record(AuditEntry.of(null, "signing_key.rotated", "signing_key", next.kid)
                .with("from", current.kid));
        fill(now);
    }

    // Flushed one by one: no two keys may be current, not for a moment.
    private void become(SigningKey key, KeyState state, Instant now) {
        key.become(state, now);
        SigningKey.flush();
        invalidations.announce(SigningKeys.CACHE, SigningKeys.RING);
    }

    /** There is always a current key and a next one. */
    private void fill(Instant now) {
        if (SigningKey.in(KeyState.CURRENT).isEmpty()) {
            var first = SigningKey.in(KeyState.NEXT).orElseGet(() -> make(now));
            become(first, KeyState.CURRENT, now);
        }
        if (SigningKey.in(KeyState.NEXT).isEmpty()) {
            make(now);
        }
    }

    /**
     * The operator wants another algorithm: nothing was signed with the next key, so that it need not be used. While replicas want different ones each of
     * their keys is published long enough to be used.
     */
    private void replaceUnwantedNext(Instant now) {
        var next = next();
        if (next.algorithm != config.algorithm() && isPublished(next, now)) {
            become(next, KeyState.RETIRED, now);
            make(now);
        }
    }

    private SigningKey make(Instant now) {
        var key = SigningKey.generate(config.algorithm(), sealer, now);
        key.persistAndFlush();
        invalidations.announce(SigningKeys.CACHE, SigningKeys.RING);
        audit.record(AuditEntry.of(null, "signing_key.created", "signing_key", key.kid));
        return key;
    }

    private static SigningKey next() {
        return SigningKey.in(KeyState.NEXT).orElseThrow();
    }

    private boolean isDue(SigningKey current, Instant now) {
        var since = current.currentSince;
        return since != null && !now.isBefore(since.plus(config.rotateEvery()));
    }

    private boolean isPublished(SigningKey next, Instant now) {
        return !untilPublished(next, now).isPositive();
    }

    private Duration untilPublished(SigningKey next, Instant now) {
        return Duration.between(now, next.createdAt.plus(config.publishAhead()));
    }

    private SigningKeyView view(SigningKey key) {
        var counts = new TreeMap<String, Long>();
        signed.forEach(kind -> counts.put(kind.word(), key.state.isVerifying() ? kind.countSignedBy(key.kid) : 0));
        return SigningKeyView.of(key, counts);
    }
}
