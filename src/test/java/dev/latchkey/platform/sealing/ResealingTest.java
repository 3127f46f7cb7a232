package dev.latchkey.platform.sealing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Sealers;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.crypto.UnreadableSealException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.ref.Reference;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After a change of the primary key every row opens all through, and in the end needs the new key alone. */
@QuarkusTest
class ResealingTest {

    private static final SealedTable TABLE = SealedTable.of("resealing_test", "id", "one", "two");

    @Inject
    EntityManager database;

    @Inject
    @All
    List<SealedTable> produced;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Sealers sealers = Sealers.inRotation();

    @BeforeEach
    void createTable() {
        execute("create table resealing_test (id bigint primary key, one bytea, two bytea, key_id bigint)");
    }

    @AfterEach
    void dropTable() {
        execute("drop table resealing_test");
    }

    @Test
    void everyRowIsSealedAnewAndKeepsItsSecrets() {
        IntStream.rangeClosed(1, 250).forEach(row -> insert(sealers.first(), row));
        execute("insert into resealing_test values (251, null, null, null)");

        var resealing = resealing();
        resealing.run();

        assertEquals(
                List.of(new SealedRows.Count("resealing_test", sealers.second().primaryKeyId(), 250)), counts());
        IntStream.rangeClosed(1, 250).forEach(row -> {
            assertEquals("one of " + row, opened("one", row).reveal());
            assertEquals("two of " + row, opened("two", row).reveal());
        });
        assertEquals(250, metrics.counter("latchkey_resealed_rows").count());
        assertEquals(0, unreadable());
        // A gauge holds what it tells of weakly.
        Reference.reachabilityFence(resealing);
    }

    @Test
    void aRowWithAnEmptyColumnKeepsItEmpty() {
        insert(sealers.first(), 1);
        execute("update resealing_test set two = null");
        resealing().run();
        assertEquals("one of 1", opened("one", 1).reveal());
        assertEquals(1, count("two is null"));
    }

    @Test
    void rowsThatWereSwappedAreBothUnreadableAndLeftAsTheyAre() {
        IntStream.rangeClosed(1, 3).forEach(row -> insert(sealers.first(), row));
        execute("""
                update resealing_test as here set one = there.one from resealing_test as there
                where here.id in (1, 2) and there.id = 3 - here.id""");

        assertThrows(UnreadableSealException.class, () -> opened("one", 1));
        assertThrows(UnreadableSealException.class, () -> opened("one", 2));
        resealing().run();
        assertEquals(2, unreadable());
        assertEquals(2, count("key_id = " + sealers.first().primaryKeyId()));
        assertEquals("one of 3", opened("one", 3).reveal());
    }

    @Test
    void columnsThatWereSwappedAreUnreadable() {
        insert(sealers.first(), 1);
        execute("update resealing_test set one = two, two = one");
        assertThrows(UnreadableSealException.class, () -> opened("one", 1));
        assertThrows(UnreadableSealException.class, () -> opened("two", 1));
    }

    @Test
    void rowsThatAnotherReplicaHoldsAreLeftToIt() {
        IntStream.rangeClosed(1, 2).forEach(row -> insert(sealers.first(), row));
        QuarkusTransaction.requiringNew().run(() -> {
            database.createNativeQuery("select id from resealing_test where id = 1 for update")
                    .getSingleResult();
            resealing().run();
            assertEquals(1, count("key_id = " + sealers.first().primaryKeyId()));
        });
    }

    /** A table that nobody produces would be neither re-sealed nor missed at start. */
    @Test
    void everyTableWithAKeyIdIsKnown() {
        var inSchema = new TreeSet<String>();
        for (var name : database.createNativeQuery("""
                        select table_name from information_schema.columns
                        where table_schema = 'public' and column_name = 'key_id' and data_type = 'bigint' and table_name <> 'resealing_test'""").getResultList()) {
            inSchema.add((String) name);
        }
        assertTrue(inSchema.size() >= 3, inSchema.toString());
        assertEquals(inSchema, produced.stream().map(SealedTable::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    private Resealing resealing() {
        return new Resealing(database, sealers.second(), List.of(TABLE), metrics);
    }

    private double unreadable() {
        return metrics.get("latchkey_unreadable_seals").gauge().value();
    }

    private List<SealedRows.Count> counts() {
        return QuarkusTransaction.requiringNew().call(() -> new SealedRows(database, List.of(TABLE), metrics).count());
    }

    private void insert(Sealer sealer, long row) {
        var one = sealer.seal(new Secret("one of " + row), TABLE.place("one", row));
        var two = sealer.seal(new Secret("two of " + row), TABLE.place("two", row));
        QuarkusTransaction.requiringNew()
                .run(() -> database.createNativeQuery("insert into resealing_test values (?1, ?2, ?3, ?4)")
                        .setParameter(1, row)
                        .setParameter(2, one.ciphertext())
                        .setParameter(3, two.ciphertext())
                        .setParameter(4, one.keyId())
                        .executeUpdate());
    }

    private Secret opened(String column, long row) {
        var stored =
                (Object[]) database.createNativeQuery("select " + column + ", key_id from resealing_test where id = ?1")
                        .setParameter(1, row)
                        .getSingleResult();
        var sealed = new Sealed((byte[]) stored[0], ((Number) stored[1]).longValue());
        return sealers.second().open(sealed, TABLE.place(column, row));
    }

    private long count(String condition) {
        return ((Number) database.createNativeQuery("select count(*) from resealing_test where " + condition)
                        .getSingleResult())
                .longValue();
    }

    private void execute(String sql) {
        QuarkusTransaction.requiringNew()
                .run(() -> database.createNativeQuery(sql).executeUpdate());
    }
}
