package dev.latchkey.lease;

import dev.latchkey.chunk.Use;
import dev.latchkey.decision.Limiter;
import dev.latchkey.journal.Journal;
import dev.latchkey.journal.JournalWriter;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Context;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides from leases where that may be done. */
@Singleton
public class Leases {

    /** What one event loop has for itself. */
    private record Desk(LeaseBook book, JournalWriter journal) {}

    private final Limiter limiter;
    private final Journal journal;
    private final boolean enabled;
    private final Counter units;
    private final FastThreadLocal<Desk> desks = new FastThreadLocal<>() {
        @Override
        protected Desk initialValue() {
            return new Desk(new LeaseBook(), journal.writer());
        }
    };

    Leases(Limiter limiter, Journal journal, LeaseConfig config, MeterRegistry metrics) {
        this.limiter = limiter;
        this.journal = journal;
        this.enabled = config.enabled();
        this.units = metrics.counter("latchkey_lease_units");
    }

    /**
     * Decides at once, and records the use, if this event loop holds a lease, or there is no limit. Null if not: then nothing has happened, and the limiter is
     * to be asked. Takes the next units in advance where that pays.
     *
     * @param use tells its status itself; it is safe when this returns a decision
     */
    public @Nullable LimitDecision decide(LimitRequest request, Supplier<Use> use) {
        if (!isOpenFor(request)) {
            return null;
        }
        var desk = desks.get();
        if (request.isUnlimited()) {
            return desk.journal.append(use.get()) ? counted(LimitDecision.UNLIMITED, request) : null;
        }
        if (!isLeasable(request)) {
            return null;
        }
        var decision = take(desk, request);
        // Without room in the journal, the units that were taken are lost: better than the use.
        return decision != null && desk.journal.append(use.get()) ? counted(decision, request) : null;
    }

    /** The same for what is recorded nowhere. */
    public @Nullable LimitDecision decide(LimitRequest request) {
        if (!isOpenFor(request) || !isLeasable(request)) {
            return null;
        }
        var decision = take(desks.get(), request);
        return decision == null ? null : counted(decision, request);
    }

    private boolean isOpenFor(LimitRequest request) {
        return enabled && request.cost() > 0 && Context.isOnEventLoopThread() && journal.isOpen();
    }

    private @Nullable LimitDecision take(Desk desk, LimitRequest request) {
        var now = System.nanoTime();
        var lease = desk.book.of(request.budgets().getFirst(), now);
        var decision = lease.take(request.cost(), now);
        var wish = lease.wish(now);
        if (wish != Lease.NOTHING) {
            reserve(lease, request, wish, now);
        }
        return decision;
    }

    private LimitDecision counted(LimitDecision decision, LimitRequest request) {
        limiter.count(decision, request);
        return decision;
    }

    private void reserve(Lease lease, LimitRequest request, long wish, long now) {
        limiter.reserve(new LimitRequest(request.budgets().getFirst(), wish, Lease.LIFE), decision -> {
            lease.granted(decision, wish, now, System.nanoTime());
            if (decision.allowed()) {
                units.increment(wish);
            }
        });
    }

    private static boolean isLeasable(LimitRequest request) {
        return request.account().isEmpty()
                && request.budgets().size() == 1
                && request.budgets().getFirst().isLeasable();
    }
}
