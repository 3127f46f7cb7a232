package dev.latchkey.report;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Does this replica's share of the audits, one at a time. */
@ApplicationScoped
class AuditWorker {

    private static final Logger LOG = Logger.getLogger(AuditWorker.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private enum Outcome {
        COMPLETED,
        FAILED,
        STOPPED,
        LOST
    }

    private final RunQueue queue;
    private final Examination examination;
    private final ReportConfig config;
    private final MeterRegistry metrics;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    AuditWorker(RunQueue queue, Examination examination, ReportConfig config, MeterRegistry metrics) {
        this.queue = queue;
        this.examination = examination;
        this.config = config;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("latchkey-audits").start(this::run);
    }

    // Not interrupted: that would tear its connections. It looks up at every checkpoint.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        bell.release();
        var running = thread;
        if (running != null && !running.join(END_WITHIN)) {
            LOG.warn("An audit did not stop in time; another replica takes it up when its lease has run out");
        }
    }

    void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) AuditRun.Queued event) {
        bell.release();
    }

    @Scheduled(every = "1h", delayed = "1m", identity = "audit-runs", concurrentExecution = ConcurrentExecution.SKIP)
    void forget() {
        var forgotten = queue.forget();
        if (forgotten > 0) {
            LOG.infof("%d finished audits were past their retention and were deleted", forgotten);
        }
    }

    /** @return whether there was anything to do */
    boolean step() {
        var claimed = queue.claim();
        claimed.ifPresent(claim -> {
            var sample = Timer.start();
            var outcome = work(claim);
            sample.stop(Timer.builder("latchkey_audits_seconds")
                    .description("One attempt at an audit of a tenant's credentials")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .register(metrics));
        });
        return claimed.isPresent();
    }

    private void run() {
        while (!stopping) {
            // Before looking: who rings during a look must cause another one.
            bell.drainPermits();
            try {
                queue.giveUp();
                while (!stopping && step()) {
                    LOG.trace("Looking for the next audit");
                }
            } catch (RuntimeException | Error e) {
                // Whatever it was: a replica whose worker ended would do no audit again, and look healthy.
                LOG.warn("Audits wait, because their queue cannot be reached", e);
            }
            rest();
        }
    }

    private Outcome work(RunQueue.Claim claim) {
        try {
            var report = examination.examine(
                    claim.runId(), claim.tenantId(), percent -> !stopping && queue.renew(claim, percent));
            if (report.isPresent()) {
                return queue.complete(claim, report.get()) ? Outcome.COMPLETED : lost(claim);
            }
            return stopping && queue.giveBack(claim) ? Outcome.STOPPED : lost(claim);
        } catch (RuntimeException e) {
            LOG.errorf(e, "Audit %s failed and is tried again if it may", claim.runId());
            queue.tryLater(claim);
            return Outcome.FAILED;
        }
    }

    private static Outcome lost(RunQueue.Claim claim) {
        LOG.warnf("Audit %s took longer than its lease and is in other hands now", claim.runId());
        return Outcome.LOST;
    }

    private void rest() {
        try {
            bell.tryAcquire(config.lookEvery().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }
}
