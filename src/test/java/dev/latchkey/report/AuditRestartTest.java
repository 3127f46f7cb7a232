package dev.latchkey.report;

import static dev.latchkey.api.Api.newUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AuditRestartTest {

    @Inject
    AuditWorker worker;

    @Inject
    Examination examination;

    @Test
    void anAuditWhoseProcessWasKilledIsFinishedByWhoeverIsThere() throws SQLException, InterruptedException {
        var owner = newUser();
        Audits.robot(owner);
        var run = leftByTheDead(owner, 1);
        var finished = Audits.awaitCompleted(owner.accessToken(), run.toString());
        assertEquals(2, finished.getInt("findings_count"));
        assertEquals("2", Audits.value("select attempts from audit_runs where id = '%s'", run));
    }

    @Test
    void anAuditWhoseProcessesWereKilledThreeTimesFailsWithAReason() throws SQLException, InterruptedException {
        var owner = newUser();
        var run = leftByTheDead(owner, 3);
        var finished = Audits.awaitFinished(owner.accessToken(), run.toString());
        assertEquals("failed", finished.getString("status"));
        assertEquals("The audit was interrupted 3 times.", finished.getString("error"));
        assertNotNull(finished.getString("completed_at"));
    }

    @Test
    void manyWorkersDoEachAuditOnce() throws SQLException, InterruptedException {
        var owner = newUser();
        Audits.robot(owner);
        for (var i = 0; i < 40; i++) {
            Audits.execute("""
                    insert into audit_runs (id, tenant_id, kind, status, progress, created_by, created_at)
                    values ('%s', '%s', 'credentials', 'queued', 0, '%s', now())
                    """, Uuid7.next(), owner.tenantId(), owner.id());
        }
        var workers = new ArrayList<Thread>();
        for (var i = 0; i < 4; i++) {
            workers.add(Thread.ofVirtual().start(() -> {
                var busy = true;
                while (busy) {
                    busy = worker.step();
                }
            }));
        }
        for (var thread : workers) {
            thread.join();
        }
        // The service's own worker may still be at its last one.
        var done = "select count(*) from audit_runs where tenant_id = '%s' and status = 'completed' and attempts = 1";
        for (var tries = 0; tries < 100 && !"40".equals(Audits.value(done, owner.tenantId())); tries++) {
            Thread.sleep(50);
        }
        assertEquals("40", Audits.value(done, owner.tenantId()));
    }

    @Test
    void anExaminationThatLostItsLeaseEndsAtTheNextCheckpointWithoutAReport() {
        var owner = newUser();
        Audits.robot(owner);
        var checkpoints = new ArrayList<Integer>();
        var report = examination.examine(Uuid7.next(), UUID.fromString(owner.tenantId()), percent -> {
            checkpoints.add(percent);
            return false;
        });
        assertTrue(report.isEmpty());
        assertEquals(1, checkpoints.size());
        assertFalse(checkpoints.getFirst() >= 100);
    }

    @Test
    void progressRisesWithEveryTwoHundredCredentials() throws SQLException {
        var owner = newUser();
        Audits.robot(owner);
        assertEquals(449, Audits.execute("""
                insert into api_tokens
                select (json_populate_record(token, json_build_object('id', gen_random_uuid(), 'family_id', gen_random_uuid(),
                    'digest', '\\x' || encode(sha256(i::text::bytea || token.id::text::bytea), 'hex'), 'name', 'n' || i))).*
                from api_tokens as token cross join generate_series(1, 449) as i where tenant_id = '%s'
                """, owner.tenantId()));
        var checkpoints = new ArrayList<Integer>();
        var report = examination
                .examine(Uuid7.next(), UUID.fromString(owner.tenantId()), checkpoints::add)
                .orElseThrow();
        assertEquals(450, report.credentialsExamined());
        assertEquals(java.util.List.of(10, 45, 81), checkpoints);
        assertEquals(450, report.summary().medium());
    }

    private static UUID leftByTheDead(Someone owner, int attempts) throws SQLException {
        var id = Uuid7.next();
        Audits.execute("""
                insert into audit_runs (id, tenant_id, kind, status, progress, attempts, lease_owner, due_at, created_by, created_at,
                    started_at)
                values ('%s', '%s', 'credentials', 'running', 45, %d, '%s', now() - interval '1 second', '%s',
                    now() - interval '2 minutes', now() - interval '2 minutes')
                """, id, owner.tenantId(), attempts, Uuid7.next(), owner.id());
        return id;
    }
}
