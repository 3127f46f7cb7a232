package dev.latchkey.platform.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

/** Locks by name among all replicas, kept by PostgreSQL. */
@ApplicationScoped
public class ClusterLock {

    private final EntityManager database;

    ClusterLock(EntityManager database) {
        this.database = database;
    }

    /** Takes the lock until the caller's transaction ends; false, at once, if another transaction has it. */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean tryTake(String name) {
        return (Boolean)
                database.createNativeQuery("select pg_try_advisory_xact_lock(hashtextextended('latchkey.' || ?1, 0))")
                        .setParameter(1, name)
                        .getSingleResult();
    }

    /** Takes the lock until the caller's transaction ends; waits while another transaction has it. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void take(String name) {
        database.createNativeQuery("select pg_advisory_xact_lock(hashtextextended('latchkey.' || ?1, 0))")
                .setParameter(1, name)
                .getSingleResult();
    }
}
