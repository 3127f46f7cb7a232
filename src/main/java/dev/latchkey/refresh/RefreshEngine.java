package dev.latchkey.refresh;

import dev.latchkey.grant.Grant;
import dev.latchkey.grant.GrantConfig;
import dev.latchkey.grant.GrantState;
import dev.latchkey.grant.Grants;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Refreshes what is due, ahead of its end: each replica takes the leases of some, longest due first, so that they share the work and none does what
 * another one does. What is not due costs nothing.
 */
@Singleton
class RefreshEngine {

    private static final Logger LOG = Logger.getLogger(RefreshEngine.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(12);

    private final Grants grants;
    private final Refresher refresher;
    private final Revocations revocations;
    private final int mostAtOnce;
    private final Semaphore places;
    private final Clock clock;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("latchkey-refresh-due").factory());
    private volatile boolean isStopping;

    RefreshEngine(Grants grants, Refresher refresher, Revocations revocations, GrantConfig config, Clock clock) {
        this.grants = grants;
        this.refresher = refresher;
        this.revocations = revocations;
        this.mostAtOnce = config.refreshesAtOnce();
        this.places = new Semaphore(mostAtOnce);
        this.clock = clock;
    }

    @Scheduled(
            every = "${latchkey.connections.look-every:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() throws InterruptedException {
        while (!isStopping) {
            places.acquire();
            var free = 1 + places.drainPermits();
            var owner = UUID.randomUUID();
            var started = 0;
            try {
                var due = isStopping
                        ? List.<Grant>of()
                        : grants.leaseDue(owner, refresher.leaseLength(), clock.instant(), free);
                for (var grant : due) {
                    started++;
                    workers.execute(() -> serve(grant, owner));
                }
            } finally {
                places.release(free - started);
            }
            if (started == 0) {
                return;
            }
        }
    }

    private void serve(Grant grant, UUID owner) {
        try {
            if (grant.state() == GrantState.REVOKED) {
                revocations.tellAgain(grant);
            } else {
                refresher.refresh(grant, owner);
            }
        } catch (RuntimeException e) {
            // Its lease ends, and somebody looks at it again.
            LOG.errorf(e, "The connection %s could not be looked after", grant.clientId());
        } finally {
            places.release();
        }
    }

    /** What was asked of a provider is written down before this replica ends: its answer may be the only one. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        isStopping = true;
        if (!places.tryAcquire(mostAtOnce, END_WITHIN.toSeconds(), TimeUnit.SECONDS)
                || !refresher.isIdleWithin(END_WITHIN)) {
            LOG.warn("Some refreshes did not end in time; whoever looks at them next sees that they were interrupted");
        }
    }
}
