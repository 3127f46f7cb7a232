package dev.latchkey.platform.cache;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.util.UUID;

/** Tells all replicas what changed. */
@ApplicationScoped
public class Invalidations {

    private final InvalidationOutbox outbox;
    private final InvalidationRelay relay;
    private final NearCaches caches;
    private final TransactionSynchronizationRegistry transactions;

    Invalidations(
            InvalidationOutbox outbox,
            InvalidationRelay relay,
            NearCaches caches,
            TransactionSynchronizationRegistry transactions) {
        this.outbox = outbox;
        this.relay = relay;
        this.caches = caches;
        this.transactions = transactions;
    }

    /**
     * Call it in the transaction that changes the value. When that has committed, and before the caller goes on, the value is forgotten
     * here; within a second no other replica uses it any more, whether or not this one reaches Redis, or lives.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void announce(String cache, String key) {
        announce(new Change(cache, key, Change.ALL));
    }

    /** The same, and of the feed's clients only those of this tenant are told. In the caller's transaction, too. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void announce(String cache, String key, UUID tenantId) {
        announce(new Change(cache, key, tenantId.toString()));
    }

    private void announce(Change change) {
        outbox.add(change);
        transactions.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            // Whatever came of it: a commit whose answer was lost counts as rolled back here, and may be none.
            @Override
            public void afterCompletion(int status) {
                caches.forget(change);
                relay.wake();
            }
        });
    }
}
