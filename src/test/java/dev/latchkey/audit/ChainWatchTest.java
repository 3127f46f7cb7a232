package dev.latchkey.audit;

import static dev.latchkey.audit.Chains.byHand;
import static dev.latchkey.audit.Chains.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Nobody has to ask for a broken chain to be found. */
@QuarkusTest
class ChainWatchTest {

    @Inject
    Chains chains;

    @Inject
    ChainWatch watch;

    @Inject
    MeterRegistry metrics;

    @Test
    void aBrokenChainIsCountedUntilItIsWholeAgain() throws SQLException {
        var tenant = chains.ofRows(3);
        watch.verifyDue();
        awaitLook(tenant);
        var id = value("select subject_id from audit_log where chain = ? and position = 2", tenant);
        byHand("update audit_log set subject_id = 'x' where chain = ? and position = 2", tenant);
        makeDue(tenant);
        watch.verifyDue();
        awaitLook(tenant);
        assertEquals(
                "changed 2",
                value("select problem_kind || ' ' || problem_position from audit_verdicts where chain = ?", tenant));
        watch.verifyDue();
        assertTrue(metrics.get("latchkey_audit_chain_broken").gauge().value() >= 1);

        byHand("update audit_log set subject_id = ? where chain = ? and position = 2", id, tenant);
        makeDue(tenant);
        watch.verifyDue();
        awaitLook(tenant);
        assertEquals("null", value("select problem_kind from audit_verdicts where chain = ?", tenant));
    }

    @Test
    void aChainIsNotVerifiedAgainBeforeItsTime() throws SQLException {
        var tenant = chains.ofRows(1);
        watch.verifyDue();
        awaitLook(tenant);
        var looked = value("select looked_at from audit_verdicts where chain = ?", tenant);
        watch.verifyDue();
        assertEquals(looked, value("select looked_at from audit_verdicts where chain = ?", tenant));
    }

    private static void makeDue(UUID tenant) {
        byHand(
                "update audit_verdicts set looked_at = now() - interval '25 hours', checked = null where chain = ?",
                tenant);
    }

    // The scheduled job may have claimed the chain, and be at it.
    private static void awaitLook(UUID tenant) {
        for (var tries = 0; tries < 600; tries++) {
            if (!"null".equals(value("select max(checked) from audit_verdicts where chain = ?", tenant))) {
                return;
            }
            Chains.pause();
        }
        throw new AssertionError("nobody looked");
    }
}
