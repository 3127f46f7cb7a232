package dev.latchkey.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Links rows to the end of a chain. Each method works in the transaction of the connection and locks the end of the chain until that transaction
 * is over: call it last.
 */
@ApplicationScoped
class Chain {

    /** The action of the row that begins a chain anew after its end was lost. A chain that has one is broken there. */
    static final String RESTARTED = "audit_log.restarted";

    private static final Logger LOG = Logger.getLogger(Chain.class);

    private static final String CREATE =
            "insert into audit_chains (chain, position, hash, mac) values (?, ?, ?, ?) on conflict do nothing";

    // A replica that stands still with the end locked loses it; and nobody waits so long that one chain takes all
    // connections.
    private static final String TIMEOUTS =
            "select set_config('lock_timeout', '3s', true), set_config('idle_in_transaction_session_timeout', '10s', true)";

    private static final String LOCK = "select position, hash, mac from audit_chains where chain = ? for update";

    // A row put in far behind all others must not use up the places: it is passed by. Behind the last row there is
    // room.
    private static final String LAST = """
            select last.position, last.hash from audit_log as last where last.chain = ? and last.position <= %s
                and not exists (select from audit_log as next
                    where next.chain = last.chain and next.position > last.position and next.position <= last.position + 1000)
            order by last.position desc limit 1""";

    private static final long FARTHEST_AHEAD = 1_000_000;
    private static final String FARTHEST = Long.toString(Long.MAX_VALUE / 2);

    // In one trip, each with a look of its own at the tables: the last row after the lock, as before it that may be
    // another one than the end that is locked then.
    private static final String LOCKED_END = TIMEOUTS + ";" + LOCK + ";"
            + LAST.formatted("(select least(position, " + FARTHEST + ") + " + FARTHEST_AHEAD
                    + " from audit_chains where chain = ?)");

    private static final String LINK = "update audit_log set position = ?, hash = ? where id = ?";

    private static final String ADVANCE = "update audit_chains set position = ?, hash = ?, mac = ? where chain = ?";
    private static final String INSERT_LAST = "with last as (" + AuditRow.INSERT + ") " + ADVANCE;

    private static final String UNLINKED = "select " + AuditRow.COLUMNS
            + " from audit_log where chain = ? and position is null order by id limit ? for update";

    private final ChainKeys keys;
    private final Clock clock;

    Chain(ChainKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** Inserts the rows after the last one. */
    void append(Connection database, UUID chain, List<AuditRow> rows) throws SQLException {
        insertLast(database, lockedEnd(database, chain), rows);
    }

    /** Links rows that are there already, oldest first, and tells of it in a row of its own. */
    int adopt(Connection database, UUID chain, int most) throws SQLException {
        // First of all: two replicas at once would each take some rows, and link the later ones first.
        var begin = lockedEnd(database, chain);
        var rows = unlinked(database, chain, most);
        if (rows.isEmpty()) {
            advance(database, begin);
            return 0;
        }
        var end = begin;
        try (var statement = database.prepareStatement(LINK)) {
            for (var row : rows) {
                end = end.after(row, keys);
                set(statement, end.position(), end.hash(), row.id());
                statement.addBatch();
            }
            statement.executeBatch();
        }
        var told = "{\"first_position\":" + (begin.position() + 1) + ",\"last_position\":" + end.position() + "}";
        insertLast(database, end, List.of(system(chain, "audit_log.adopted", told)));
        return rows.size();
    }

    /** The end as it was written; empty if its keyed hash is not ours. */
    Optional<ChainHead> trusted(ChainHead end, byte[] mac) {
        return MessageDigest.isEqual(mac, end.mac(keys)) ? Optional.of(end) : Optional.empty();
    }

    private ChainHead lockedEnd(Connection database, UUID chain) throws SQLException {
        var end = findLockedEnd(database, chain);
        if (end.isPresent()) {
            return end.get();
        }
        create(database, chain);
        return findLockedEnd(database, chain).orElseThrow();
    }

    private Optional<ChainHead> findLockedEnd(Connection database, UUID chain) throws SQLException {
        try (var statement = database.prepareStatement(LOCKED_END)) {
            set(statement, chain, chain, chain);
            statement.execute();
            statement.getMoreResults();
            var row = statement.getResultSet();
            if (!row.next()) {
                return Optional.empty();
            }
            var end = trusted(new ChainHead(chain, row.getLong(1), row.getBytes(2)), row.getBytes(3));
            statement.getMoreResults();
            // What is forged does not say how far to look.
            var last = end.isPresent() ? last(chain, statement.getResultSet()) : last(database, chain);
            return Optional.of(
                    end.isEmpty() || end.get().position() < last.position()
                            ? restart(database, last, end)
                            : compared(end.get(), last));
        }
    }

    private static ChainHead compared(ChainHead end, ChainHead last) {
        if (end.position() > last.position() || !MessageDigest.isEqual(end.hash(), last.hash())) {
            LOG.errorf(
                    "The audit log was tampered with: the last row of chain %s should be %d, and is %d or another one",
                    end.chain(), end.position(), last.position());
        }
        return end;
    }

    // Acts go on, in a chain that shows for ever where it was broken: refusing them would let whoever can write to one
    // table lock a tenant out.
    private ChainHead restart(Connection database, ChainHead last, Optional<ChainHead> end) throws SQLException {
        var found = end.map(wrong -> "an end at " + wrong.position()).orElse("a forged end");
        LOG.errorf(
                "The audit log was tampered with: chain %s has %s and its last row at %d; it goes on from there, marked as broken",
                last.chain(), found, last.position());
        var told = "{\"found\":\"" + found + "\",\"last_position\":" + last.position() + "}";
        return insert(database, last, List.of(system(last.chain(), RESTARTED, told)));
    }

    private ChainHead insert(Connection database, ChainHead begin, List<AuditRow> rows) throws SQLException {
        var end = begin;
        try (var statement = database.prepareStatement(AuditRow.INSERT)) {
            for (var row : rows) {
                end = end.after(row, keys);
                set(statement, row.values(end));
                statement.addBatch();
            }
            statement.executeBatch();
        }
        return end;
    }

    /** Inserts the rows, of which there is one at least, and moves the end on. */
    private void insertLast(Connection database, ChainHead begin, List<AuditRow> rows) throws SQLException {
        var most = rows.subList(0, rows.size() - 1);
        var before = most.isEmpty() ? begin : insert(database, begin, most);
        var end = before.after(rows.getLast(), keys);
        try (var statement = database.prepareStatement(INSERT_LAST)) {
            set(
                    statement,
                    Stream.of(rows.getLast().values(end), advanced(end))
                            .flatMap(Stream::of)
                            .toArray());
            statement.executeUpdate();
        }
    }

    private @Nullable Object[] advanced(ChainHead end) {
        return new @Nullable Object[] {end.position(), end.hash(), end.mac(keys), end.chain()};
    }

    // Does nothing if another transaction makes it meanwhile, after having waited for that one.
    private void create(Connection database, UUID chain) throws SQLException {
        var beginning = ChainHead.beginning(chain);
        try (var statement = database.prepareStatement(CREATE)) {
            set(statement, chain, beginning.position(), beginning.hash(), beginning.mac(keys));
            statement.executeUpdate();
        }
    }

    private static ChainHead last(Connection database, UUID chain) throws SQLException {
        try (var statement = database.prepareStatement(LAST.formatted(FARTHEST))) {
            set(statement, chain);
            return last(chain, statement.executeQuery());
        }
    }

    private static ChainHead last(UUID chain, ResultSet row) throws SQLException {
        return row.next() ? new ChainHead(chain, row.getLong(1), row.getBytes(2)) : ChainHead.beginning(chain);
    }

    private static List<AuditRow> unlinked(Connection database, UUID chain, int most) throws SQLException {
        var rows = new ArrayList<AuditRow>();
        try (var statement = database.prepareStatement(UNLINKED)) {
            set(statement, chain, most);
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(AuditRow.read(row));
                }
            }
        }
        return rows;
    }

    private void advance(Connection database, ChainHead end) throws SQLException {
        try (var statement = database.prepareStatement(ADVANCE)) {
            set(statement, advanced(end));
            statement.executeUpdate();
        }
    }

    private AuditRow system(UUID chain, String action, String details) {
        return AuditRow.ofSystem(chain, action, details, clock.instant());
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }
}
