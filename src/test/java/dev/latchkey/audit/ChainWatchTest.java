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

    @Test
    void aChainWhoseEndWasDeletedWithItsLastRowsIsLookedAt() throws SQLException {
        var tenant = chains.ofRows(3);
        byHand("delete from audit_log where chain = ? and position = 3", tenant);
        byHand("delete from audit_chains where chain = ?", tenant);
        byHand("delete from audit_verdicts where chain = ?", tenant);
        assertFound(tenant, "truncated 3");
    }

    @Test
    void aTenantWithUsersWhoseWholeLogIsGoneIsLookedAt() throws SQLException {
        var tenant = UUID.randomUUID();
        byHand("insert into tenants (id, name, created_at) values (?, 'emptied', now())", tenant);
        watch.verifyDue();
        awaitLook(tenant);
        assertEquals("null", value("select problem_kind from audit_verdicts where chain = ?", tenant));
        byHand("""
                insert into users (id, tenant_id, username, email, password_hash, role, created_at, updated_at)
                values (gen_random_uuid(), ?, left(?, 20), ?, 'x', 'user', now(), now())""", tenant, "u" + tenant, tenant + "@example.org");
        makeDue(tenant);
        assertFound(tenant, "truncated 1");
    }

    @Test
    void aVerdictOfTheFutureKeepsNobodyFromLooking() throws SQLException {
        var tenant = chains.ofRows(3);
        watch.verifyDue();
        awaitLook(tenant);
        byHand("update audit_log set subject_id = 'x' where chain = ? and position = 2", tenant);
        byHand(
                "update audit_verdicts set looked_at = now() + interval '9 years', checked = null where chain = ?",
                tenant);
        assertFound(tenant, "changed 2");
    }

    @Test
    void whatIsChangedBehindABreakIsFoundToo() throws SQLException {
        var tenant = chains.ofRows(3);
        byHand("delete from audit_chains where chain = ?", tenant);
        for (var i = 0; i < 4; i++) {
            chains.record(tenant);
        }
        assertFound(tenant, "restarted 4");
        assertEquals("1", problems(tenant));
        byHand("update audit_log set subject_id = 'x' where chain = ? and position = 6", tenant);
        makeDue(tenant);
        assertFound(tenant, "restarted 4");
        assertEquals("2", problems(tenant));
        byHand("delete from audit_log where chain = ? and position = 8", tenant);
        makeDue(tenant);
        assertFound(tenant, "restarted 4");
        assertEquals("3", problems(tenant));
    }

    @Test
    void aLookThatFailsIsTakenAgainAndHoldsUpNoOther() throws SQLException {
        var failing = chains.ofRows(2);
        var other = chains.ofRows(2);
        watch.verifyDue();
        awaitLook(failing);
        awaitLook(other);
        byHand("alter table audit_verdicts add constraint refused check (chain <> '%s' or checked is null) not valid"
                .formatted(failing));
        try {
            makeDue(failing);
            makeDue(other);
            watch.verifyDue();
            awaitLook(other);
            assertEquals("null", value("select checked from audit_verdicts where chain = ?", failing));
        } finally {
            byHand("alter table audit_verdicts drop constraint refused");
        }
        watch.verifyDue();
        awaitLook(failing);
    }

    @Test
    void theEndOfAChainThatWasFoundBrokenIsNotSigned() throws SQLException {
        var whole = chains.ofRows(2);
        var tenant = chains.ofRows(3);
        byHand("update audit_log set subject_id = 'x' where chain = ? and position = 2", tenant);
        byHand("update audit_verdicts set looked_at = '-infinity', checked = null where chain = ?", tenant);
        assertFound(tenant, "changed 2");
        for (var id : new UUID[] {tenant, whole}) {
            chains.record(id);
            byHand("update audit_checkpoints set made_at = now() - interval '2 hours' where chain = ?", id);
        }
        chains.awaitCheckpoint(whole, 3);
        assertEquals("3", value("select max(position) from audit_checkpoints where chain = ?", tenant));
    }

    private void assertFound(UUID tenant, String problem) throws SQLException {
        watch.verifyDue();
        awaitLook(tenant);
        assertEquals(
                problem,
                value("select problem_kind || ' ' || problem_position from audit_verdicts where chain = ?", tenant));
    }

    private static String problems(UUID tenant) {
        return value("select problems from audit_verdicts where chain = ?", tenant);
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
