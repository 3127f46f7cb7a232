package dev.latchkey.audit;

import static dev.latchkey.audit.Chains.byHand;
import static dev.latchkey.audit.Chains.value;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.latchkey.audit.Verdict.Kind;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever can write to the tables, and lacks the key, changes nothing unseen. */
@QuarkusTest
class TamperingTest {

    /** Another value of each column's type; what is in the list is for a column of that name. */
    private static final Map<String, String> OTHER_VALUE = Map.of(
            "uuid", "gen_random_uuid()",
            "timestamp with time zone", "at + interval '1 microsecond'",
            "json", "'{}'",
            "bigint", "1000",
            "bytea", "decode(repeat('ab', 32), 'hex')",
            "text", "coalesce(%1$s, '') || 'x'",
            "details", "(details::text || ' ')::json");

    @Inject
    Chains chains;

    @Inject
    Verification verification;

    @Test
    void aChangeInAnyColumnOfARowIsFoundAtThatRow() {
        var columns = List.of(value("""
                select string_agg(column_name || ':' || data_type, ',' order by column_name) from information_schema.columns
                where table_name = 'audit_log' and is_generated = 'NEVER'""").split(","));
        assertEquals(14, columns.size(), () -> "each is hashed, or this test would fail below: " + columns);
        assertAll(columns.stream()
                .map(column -> column.split(":"))
                .flatMap(column -> Stream.of(
                        () -> changed(
                                column[0],
                                OTHER_VALUE.getOrDefault(column[0], String.valueOf(OTHER_VALUE.get(column[1])))),
                        () -> changed(column[0], "null"))));
    }

    private void changed(String column, String value) {
        var notNull = "NO"
                .equals(value(
                        "select is_nullable from information_schema.columns where table_name = 'audit_log' and column_name = ?",
                        column));
        var tenant = chains.ofRows(3);
        // Without a tenant it would stand in the installation's chain, which other tests use.
        if (value.equals("null")
                && (notNull
                        || column.equals("tenant_id")
                        || value("select " + column + " from audit_log where chain = ? and position = 2", tenant)
                                .equals("null"))) {
            return;
        }
        if (value.equals("null") && List.of("position", "hash").contains(column)) {
            // The constraint wants both or none; without both, it is a row of nowhere.
            byHand("update audit_log set position = null, hash = null where chain = ? and position = 2", tenant);
            chains.assertBroken(tenant, Kind.MISSING, 2);
            return;
        }
        var id = value("select id from audit_log where chain = ? and position = 2", tenant);
        assertEquals(
                1,
                byHand(
                        "update audit_log set " + column + " = " + value.formatted(column)
                                + " where chain = ? and position = 2",
                        tenant));
        var problem =
                Optional.ofNullable(chains.verify(tenant).problem()).orElseThrow(() -> new AssertionError(column));
        assertEquals(2, problem.position(), column + problem);
        switch (column) {
            // It stands in another chain now.
            case "tenant_id" -> assertEquals(Kind.MISSING, problem.kind());
            // It was moved, and is found there.
            case "position" -> assertEquals(Kind.REORDERED, problem.kind());
            case "id" -> assertEquals(Kind.CHANGED, problem.kind());
            default -> {
                assertEquals(Kind.CHANGED, problem.kind(), column);
                assertEquals(UUID.fromString(id), problem.id(), column);
            }
        }
    }

    @Test
    void aRowTakenOutOfTheMiddleIsMissing() {
        var tenant = chains.ofRows(5);
        byHand("delete from audit_log where chain = ? and position = 3", tenant);
        chains.assertBroken(tenant, Kind.MISSING, 3);
    }

    @Test
    void theFirstRowTakenAwayIsMissing() {
        var tenant = chains.ofRows(3);
        byHand("delete from audit_log where chain = ? and position = 1", tenant);
        chains.assertBroken(tenant, Kind.MISSING, 1);
    }

    @Test
    void ofSeveralBreaksTheFirstIsTold() {
        var tenant = chains.ofRows(6);
        byHand("update audit_log set action = 'user.changed' where chain = ? and position in (3, 5)", tenant);
        byHand("delete from audit_log where chain = ? and position = 6", tenant);
        chains.assertBroken(tenant, Kind.CHANGED, 3);
    }

    @Test
    void twoRowsWhosePlacesWereSwappedAreReordered() {
        var tenant = chains.ofRows(5);
        swap(tenant, "position");
        chains.assertBroken(tenant, Kind.REORDERED, 2);
    }

    @Test
    void twoRowsWhosePlacesAndHashesWereSwappedAreReordered() {
        var tenant = chains.ofRows(5);
        swap(tenant, "position, hash");
        chains.assertBroken(tenant, Kind.REORDERED, 2);
    }

    @Test
    void twoRowsWhoseIdsWereSwappedAreChanged() {
        var tenant = chains.ofRows(5);
        byHand("alter table audit_log drop constraint audit_log_pkey");
        try {
            swap(tenant, "id");
        } finally {
            byHand("alter table audit_log add primary key (id)");
        }
        chains.assertBroken(tenant, Kind.CHANGED, 2);
    }

    // The rows 2 and 4 change what they hold in those columns.
    private static void swap(UUID tenant, String columns) {
        byHand("drop index audit_log_chain");
        try {
            assertEquals(2, byHand("""
                    update audit_log as one set (%1$s) = row(%2$s) from audit_log as other
                    where one.chain = ? and other.chain = one.chain and one.position in (2, 4) and other.position = 6 - one.position
                    """.formatted(columns, "other." + columns.replace(", ", ", other.")), tenant));
        } finally {
            byHand("create unique index audit_log_chain on audit_log (chain, position)");
        }
    }

    @Test
    void aRowOfAnotherTenantPutInIsSeen() {
        var tenant = chains.ofRows(2);
        var other = chains.ofRows(3);
        byHand("update audit_log set tenant_id = ? where chain = ? and position = 3", tenant, other);
        chains.assertBroken(tenant, Kind.CHANGED, 3);
        chains.assertBroken(other, Kind.TRUNCATED, 3);
    }

    @Test
    void aRowWrittenByHandAtTheEndIsSeen() {
        var tenant = chains.ofRows(2);
        byHand("""
                insert into audit_log (id, at, tenant_id, actor_kind, action, subject_kind, subject_id, details, position, hash)
                select gen_random_uuid(), at, tenant_id, actor_kind, action, subject_kind, subject_id, details, 3, hash
                from audit_log where chain = ? and position = 2""", tenant);
        chains.assertBroken(tenant, Kind.CHANGED, 3);
    }

    @Test
    void theLastRowCutOffIsMissedWithAndWithoutCheckpoints() {
        var tenant = chains.ofRows(4);
        byHand("delete from audit_log where chain = ? and position = 4", tenant);
        chains.assertBroken(tenant, Kind.TRUNCATED, 4);
        byHand("delete from audit_checkpoints where chain = ?", tenant);
        chains.assertBroken(tenant, Kind.TRUNCATED, 4);
    }

    @Test
    void theLastRowCutOffAndTheEndRewrittenIsSeenWithAndWithoutCheckpoints() {
        var tenant = chains.ofRows(4);
        cutLast(tenant);
        chains.assertBroken(tenant, Kind.TRUNCATED, 4);
        byHand("delete from audit_checkpoints where chain = ?", tenant);
        chains.assertBroken(tenant, Kind.HEAD_INVALID, 3);
    }

    @Test
    void allRowsAndTheirEndTakenAwayShowByACheckpoint() {
        var tenant = chains.ofRows(2);
        byHand("delete from audit_log where chain = ?", tenant);
        byHand("delete from audit_chains where chain = ?", tenant);
        chains.assertBroken(tenant, Kind.TRUNCATED, 1);
    }

    @Test
    void aForgedCheckpointIsSeen() {
        for (var forgery : List.of(
                "signature = decode(repeat('ab', 64), 'hex')",
                "hash = decode(repeat('ab', 32), 'hex')",
                "at = at - interval '1 hour'",
                "kid = 'another'")) {
            var tenant = chains.ofRows(3);
            chains.record(tenant);
            byHand("update audit_checkpoints set " + forgery + " where chain = ?", tenant);
            chains.assertBroken(tenant, Kind.CHECKPOINT_INVALID, 3);
        }
    }

    @Test
    void aCheckpointOfAnotherChainProvesNothing() {
        var one = chains.ofRows(2);
        var other = chains.ofRows(2);
        byHand(
                "update audit_checkpoints as here set hash = there.hash, at = there.at, kid = there.kid, signature = there.signature"
                        + " from audit_checkpoints as there where here.chain = ? and there.chain = ? and there.position = here.position",
                other,
                one);
        chains.assertBroken(other, Kind.CHECKPOINT_INVALID, 2);
    }

    @Test
    void anOlderStatePutBackWholeShowsOnlyAgainstACheckpointThatWasKeptOutside() {
        var tenant = chains.ofRows(2);
        var end = value(
                        "select position || ',' || encode(hash, 'hex') || ',' || encode(mac, 'hex') from audit_chains where chain = ?",
                        tenant)
                .split(",");
        chains.record(tenant);
        var kept = Optional.ofNullable(chains.verify(tenant).checkpoint()).orElseThrow();
        assertEquals(3, kept.position());

        byHand("delete from audit_log where chain = ? and position = 3", tenant);
        byHand("delete from audit_checkpoints where chain = ? and position = 3", tenant);
        byHand(
                "update audit_chains set position = 2, hash = decode(?, 'hex'), mac = decode(?, 'hex') where chain = ?",
                end[1],
                end[2],
                tenant);
        chains.assertIntact(tenant, 2);
        assertEquals(Kind.TRUNCATED, against(tenant, kept));

        chains.record(tenant);
        chains.assertIntact(tenant, 3);
        assertEquals(Kind.CHECKPOINT_MISMATCH, against(tenant, kept));
    }

    private Kind against(UUID tenant, Checkpoints.Checkpoint.View kept) {
        var head = new ChainHead(tenant, kept.position(), HexFormat.of().parseHex(kept.hash()));
        return Optional.ofNullable(
                        verification.verify(tenant, 1, Optional.of(head)).problem())
                .orElseThrow()
                .kind();
    }

    @Test
    void whoCutsTheEndOffAndGoesOnIsSeenForEver() {
        var tenant = chains.ofRows(4);
        cutLast(tenant);
        byHand("delete from audit_checkpoints where chain = ?", tenant);
        chains.record(tenant);
        chains.assertBroken(tenant, Kind.RESTARTED, 4);
        chains.record(tenant);
        chains.assertBroken(tenant, Kind.RESTARTED, 4);
        var behind = verification.verify(tenant, 5, Optional.empty());
        assertEquals("true 2", behind.valid() + " " + behind.checked(), behind::toString);
        assertNull(behind.checkpoint(), "would vouch for the rows before too");
    }

    @Test
    void aLostEndStopsNoActs() {
        var tenant = chains.ofRows(3);
        byHand("delete from audit_chains where chain = ?", tenant);
        chains.record(tenant);
        chains.assertBroken(tenant, Kind.RESTARTED, 4);
        assertEquals("5", value("select max(position) from audit_log where chain = ?", tenant));
    }

    @Test
    void aRowPutInAtTheLastPlaceThatThereCanBeStopsNoActs() {
        for (var headToo : new boolean[] {false, true}) {
            var tenant = chains.ofRows(3);
            putIn(tenant, Long.MAX_VALUE);
            putIn(tenant, Long.MAX_VALUE - 1);
            if (headToo) {
                byHand("delete from audit_chains where chain = ?", tenant);
            }
            chains.record(tenant);
            chains.record(tenant);
            assertEquals(
                    headToo ? "6" : "5",
                    value("select max(position) from audit_log where chain = ? and position < 1000", tenant));
            chains.assertBroken(tenant, headToo ? Kind.RESTARTED : Kind.MISSING, headToo ? 4 : 6);
        }
    }

    @Test
    void aRowPutInWhereTheNextOneBelongsStopsNoActs() {
        var tenant = chains.ofRows(3);
        putIn(tenant, 4);
        putIn(tenant, 6);
        chains.record(tenant);
        assertEquals("8", value("select max(position) from audit_log where chain = ?", tenant));
        chains.assertBroken(tenant, Kind.CHANGED, 4);
    }

    private static void putIn(UUID tenant, long position) {
        byHand("""
                insert into audit_log (id, at, tenant_id, actor_kind, action, subject_kind, subject_id, details, position, hash)
                select gen_random_uuid(), at, tenant_id, actor_kind, action, subject_kind, subject_id, details, ?, hash
                from audit_log where chain = ? and position = 2""", position, tenant);
    }

    @Test
    void theLastRowCutOffStaysMissingWhenTheChainGoesOn() {
        var tenant = chains.ofRows(3);
        byHand("delete from audit_log where chain = ? and position = 3", tenant);
        chains.record(tenant);
        chains.assertBroken(tenant, Kind.MISSING, 3);
    }

    @Test
    void aVerdictOnABrokenChainSignsNothingNew() {
        var tenant = chains.ofRows(3);
        chains.record(tenant);
        byHand("update audit_log set subject_id = 'x' where chain = ? and position = 4", tenant);
        var verdict = chains.verify(tenant);
        assertFalse(verdict.valid());
        assertEquals(3, assertNotNullCheckpoint(verdict).position());
        assertEquals(Arrays.asList(1L, 3L), Arrays.asList(verdict.firstPosition(), verdict.lastPosition()));
    }

    private static Checkpoints.Checkpoint.View assertNotNullCheckpoint(Verdict verdict) {
        assertNotNull(verdict.checkpoint());
        return Optional.ofNullable(verdict.checkpoint()).orElseThrow();
    }

    private static void cutLast(UUID tenant) {
        byHand("delete from audit_log where chain = ? and position = 4", tenant);
        byHand("""
                update audit_chains set position = 3,
                    hash = (select hash from audit_log where audit_log.chain = audit_chains.chain and position = 3)
                where chain = ?""", tenant);
    }
}
