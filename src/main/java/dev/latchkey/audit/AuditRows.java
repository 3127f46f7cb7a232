package dev.latchkey.audit;

import dev.latchkey.audit.AuditRow.Linked;
import dev.latchkey.audit.Verdict.Finding;
import dev.latchkey.audit.Verdict.Kind;
import dev.latchkey.platform.paging.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a chain in the order of the chain, page by page; each page over a connection of its own. */
@ApplicationScoped
class AuditRows {

    /**
     * How far a chain goes at a moment.
     *
     * @param lastRow the last position there is, whatever stands there
     * @param headPosition what the record of the end says, ours or not
     * @param head that record, if it is ours
     * @param emptied whether there is no row at all, though the tenant has users
     */
    record Extent(long lastRow, long headPosition, Optional<ChainHead> head, long lastCheckpoint, boolean emptied) {

        boolean isEmpty() {
            return last() == 0 && lastCheckpoint == 0;
        }

        long last() {
            return Math.max(lastRow, head.map(ChainHead::position).orElse(0L));
        }
    }

    // One statement, so that all is of one moment.
    private static final String EXTENT = """
            select (select coalesce(max(position), 0) from audit_log where chain = wanted.chain),
                (select coalesce(max(position), 0) from audit_checkpoints where chain = wanted.chain),
                head.position, head.hash, head.mac,
                exists (select from users where tenant_id = wanted.chain)
                    and not exists (select from audit_log where chain = wanted.chain)
            from (select ?::uuid as chain) as wanted left join audit_chains as head on head.chain = wanted.chain""";

    private static final int PAGE = 1000;
    // A row that was moved further than this is called missing.
    private static final int LOOK_AHEAD_PAGES = 20;
    private static final UUID LAST_ID = new UUID(-1, -1);

    private static final String OF_CHAIN = "select " + AuditRow.COLUMNS + " from audit_log where chain = ?";

    // By the id too, so that of two rows in one place both are read, though a page ended between them.
    private static final String AFTER = " and position >= ? and (position, id) > (?, ?) and position <= ?";

    private static final String BEFORE =
            " and position < (select seen.position from audit_log as seen where seen.chain = ? and seen.id = ?)";

    private final DataSource database;
    private final Chain chain;

    AuditRows(DataSource database, Chain chain) {
        this.database = database;
        this.chain = chain;
    }

    Extent extent(UUID id) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(EXTENT)) {
            statement.setObject(1, id);
            try (var row = statement.executeQuery()) {
                row.next();
                var mac = row.getBytes(5);
                var head = mac == null
                        ? Optional.<ChainHead>empty()
                        : chain.trusted(new ChainHead(id, row.getLong(3), row.getBytes(4)), mac);
                return new Extent(row.getLong(1), row.getLong(3), head, row.getLong(2), row.getBoolean(6));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The audit log cannot be read", e);
        }
    }

    /** The newest first; one more than the page has, if there is one more. */
    List<Linked> newest(UUID chain, PageRequest page, AuditFilter filter) {
        var sql = OF_CHAIN + " and position is not null" + filter.sql();
        var parameters = new ArrayList<Object>();
        parameters.add(chain);
        parameters.addAll(filter.parameters());
        if (page.after().isPresent()) {
            sql += BEFORE;
            parameters.add(chain);
            parameters.add(page.after().get());
        }
        parameters.add(page.limit() + 1);
        return read(sql + " order by position desc limit ?", parameters);
    }

    /** The next ones after a position, oldest first: at most as many as a page has, and none only after the last. */
    List<Linked> oldest(UUID chain, long after, long to, AuditFilter filter) {
        return page(chain, after, null, to, filter);
    }

    /**
     * The next ones, oldest first.
     *
     * @param after the position that was read last
     * @param id of the row that was read there; null to begin at the next position
     */
    List<Linked> oldest(UUID chain, long after, @Nullable UUID id, long to) {
        return page(chain, after, id, to, new AuditFilter(List.of()));
    }

    /** The id of the first such row after the place, if there is one not too far away. */
    private Optional<UUID> find(UUID chain, long place, Predicate<Linked> wanted) {
        var after = place;
        for (var i = 0; i < LOOK_AHEAD_PAGES; i++) {
            var page = oldest(chain, after, null, Long.MAX_VALUE);
            var found = page.stream().filter(wanted).findFirst();
            if (found.isPresent() || page.isEmpty()) {
                return found.map(row -> row.row().id());
            }
            after = page.getLast().position();
        }
        return Optional.empty();
    }

    /**
     * What is wrong with a row that does not follow the last one.
     *
     * @param ahead whether to look for the row that is gone behind it
     */
    Finding broken(Linked row, ChainHead last, boolean ahead, ChainKeys keys) {
        var place = last.position() + 1;
        var stands = row.position() == place;
        var right = ahead
                ? find(last.chain(), place, later -> later.isRightAt(place, last.hash(), stands ? row : later, keys))
                : Optional.<UUID>empty();
        var id = stands ? row.row().id() : null;
        if (right.isPresent()) {
            return new Finding(Kind.REORDERED, place, id, "The row that was written here is " + right.get());
        }
        return stands
                ? new Finding(Kind.CHANGED, place, id, "The row is not as it was written")
                : new Finding(Kind.MISSING, place, null, "The next row stands at " + row.position());
    }

    private List<Linked> page(UUID chain, long after, @Nullable UUID id, long to, AuditFilter filter) {
        var parameters = new ArrayList<Object>(List.of(chain, after, after, id == null ? LAST_ID : id, to));
        parameters.addAll(filter.parameters());
        parameters.add(PAGE);
        return read(OF_CHAIN + AFTER + filter.sql() + " order by position, id limit ?", parameters);
    }

    private List<Linked> read(String sql, List<Object> parameters) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            var rows = new ArrayList<Linked>();
            try (var row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(Linked.read(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("The audit log cannot be read", e);
        }
    }
}
