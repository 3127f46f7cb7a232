package dev.latchkey.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunQueueTest {

    private QueueSchema schema;
    private RunQueue queue;

    @BeforeEach
    void emptyQueue() throws SQLException, IOException {
        schema = QueueSchema.create();
        queue = schema.queue();
    }

    @Test
    void theOldestIsTakenUpFirstAndEachOnlyOnce() throws SQLException {
        var first = schema.queueRun();
        var second = schema.queueRun();
        assertEquals(first, queue.claim().orElseThrow().runId());
        assertEquals(second, queue.claim().orElseThrow().runId());
        assertTrue(queue.claim().isEmpty());
        assertEquals("running", schema.value("status", first));
        assertEquals("true", schema.value("started_at is not null", first));
    }

    @Test
    void manyWorkersAtOnceNeverTakeUpOneRunTwice() throws SQLException, InterruptedException {
        var runs = new HashSet<UUID>();
        for (var i = 0; i < 60; i++) {
            runs.add(schema.queueRun());
        }
        var taken = new ConcurrentLinkedQueue<UUID>();
        var start = new CountDownLatch(1);
        var workers = new Thread[8];
        for (var i = 0; i < workers.length; i++) {
            workers[i] = Thread.ofPlatform().start(() -> {
                await(start);
                for (var claim = queue.claim(); claim.isPresent(); claim = queue.claim()) {
                    taken.add(claim.get().runId());
                }
            });
        }
        start.countDown();
        for (var worker : workers) {
            worker.join();
        }
        assertEquals(60, taken.size());
        assertEquals(runs, Set.copyOf(taken));
    }

    @Test
    void aLeaseKeepsARunAsLongAsItIsRenewed() throws SQLException {
        var run = schema.queueRun();
        var claim = queue.claim().orElseThrow();
        schema.letLeaseRunOut(run);
        assertTrue(queue.renew(claim, 40));
        assertTrue(queue.claim().isEmpty());
        assertEquals("40", schema.value("progress", run));
    }

    @Test
    void aRunWhoseWorkerDiedIsTakenUpAgain() throws SQLException {
        var run = schema.queueRun();
        var dead = queue.claim().orElseThrow();
        schema.letLeaseRunOut(run);
        var heir = queue.claim().orElseThrow();
        assertEquals(run, heir.runId());
        assertNotEquals(dead.lease(), heir.lease());
        assertTrue(queue.complete(heir, SampleReport.named("heir")));
        assertEquals("completed", schema.value("status", run));
        assertEquals("2", schema.value("attempts", run));
        assertEquals("2", schema.value("findings_medium", run));
    }

    @Test
    void aWorkerThatOnlySeemedDeadCanWriteNothingAnyMore() throws SQLException {
        var run = schema.queueRun();
        var slow = queue.claim().orElseThrow();
        schema.letLeaseRunOut(run);
        var heir = queue.claim().orElseThrow();

        assertFalse(queue.renew(slow, 90));
        assertFalse(queue.complete(slow, SampleReport.named("slow")));
        assertFalse(queue.tryLater(slow));
        assertFalse(queue.giveBack(slow));
        assertEquals("running", schema.value("status", run));
        assertEquals("0", schema.value("progress", run));

        assertTrue(queue.complete(heir, SampleReport.named("heir")));
        assertFalse(queue.complete(slow, SampleReport.named("slow")));
        assertEquals("heir", schema.value("result -> 'findings' -> 0 ->> 'name'", run));
    }

    @Test
    void aFailureIsTriedAgainLaterAndNotAtOnce() throws SQLException {
        var run = schema.queueRun();
        assertTrue(queue.tryLater(queue.claim().orElseThrow()));
        assertEquals("queued", schema.value("status", run));
        assertTrue(queue.claim().isEmpty());
        schema.letLeaseRunOut(run);
        assertEquals(run, queue.claim().orElseThrow().runId());
    }

    @Test
    void aRunThatFailedThreeTimesIsGivenUpWithAReasonForItsTenant() throws SQLException {
        var run = schema.queueRun();
        for (var attempt = 1; attempt <= 3; attempt++) {
            assertEquals(0, queue.giveUp());
            assertTrue(queue.tryLater(queue.claim().orElseThrow()));
            schema.letLeaseRunOut(run);
        }
        assertTrue(queue.claim().isEmpty());
        assertEquals(1, queue.giveUp());
        assertEquals("failed", schema.value("status", run));
        assertEquals("The audit failed 3 times. Its operator finds the reason in the log.", schema.value("error", run));
    }

    @Test
    void aRunWhoseWorkersDiedThreeTimesIsGivenUpButNotWhileTheThirdIsAtIt() throws SQLException {
        var run = schema.queueRun();
        for (var attempt = 1; attempt <= 3; attempt++) {
            assertEquals(run, queue.claim().orElseThrow().runId());
            assertEquals(0, queue.giveUp());
            schema.letLeaseRunOut(run);
        }
        assertEquals(1, queue.giveUp());
        assertEquals("The audit was interrupted 3 times.", schema.value("error", run));
    }

    @Test
    void beingToldToStopIsNoAttempt() throws SQLException {
        var run = schema.queueRun();
        for (var restart = 1; restart <= 5; restart++) {
            assertTrue(queue.giveBack(queue.claim().orElseThrow()));
        }
        assertEquals("0", schema.value("attempts", run));
        assertEquals(run, queue.claim().orElseThrow().runId());
    }

    @Test
    void finishedRunsGoAfterTheirRetentionAndUnfinishedOnesStay() throws SQLException {
        var old = schema.queueRun();
        queue.complete(queue.claim().orElseThrow(), SampleReport.named("old"));
        var young = schema.queueRun();
        queue.complete(queue.claim().orElseThrow(), SampleReport.named("young"));
        var waiting = schema.queueRun();
        schema.execute("update audit_runs set completed_at = now() - interval '90 days 1 second' where id = '%s'"
                .formatted(old));
        schema.execute("update audit_runs set completed_at = now() - interval '89 days 23 hours' where id = '%s'"
                .formatted(young));
        assertEquals(1, queue.forget());
        assertEquals("no row", schema.value("status", old));
        assertEquals("completed", schema.value("status", young));
        assertEquals("queued", schema.value("status", waiting));
    }

    @Test
    void theSchemaItselfRefusesARunThatContradictsItself() throws SQLException {
        var run = schema.queueRun();
        for (var nonsense : new String[] {
            "progress = 101",
            "progress = -1",
            "status = 'done'",
            "status = 'completed'",
            "status = 'failed'",
            "status = 'running'",
            "kind = 'leak_scan'",
            "result = '{}'",
            "error = 'why'"
        }) {
            var update = "update audit_runs set %s where id = '%s'".formatted(nonsense, run);
            assertThrows(SQLException.class, () -> schema.execute(update), nonsense);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
