package dev.latchkey.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.CurrentCaller;
import dev.latchkey.platform.http.CurrentRequest;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.arc.Arc;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;

/** Records acts. */
@ApplicationScoped
public class AuditLog {

    private final TransactionSynchronizationRegistry transactions;
    private final EntityManager entities;
    private final DataSource database;
    private final Chain chain;
    private final ChainKeys keys;
    private final CurrentCaller currentCaller;
    private final CurrentRequest currentRequest;
    private final ObjectMapper json;
    private final Clock clock;

    AuditLog(
            TransactionSynchronizationRegistry transactions,
            EntityManager entities,
            DataSource database,
            Chain chain,
            ChainKeys keys,
            CurrentCaller currentCaller,
            CurrentRequest currentRequest,
            ObjectMapper json,
            Clock clock) {
        this.transactions = transactions;
        this.entities = entities;
        this.database = database;
        this.chain = chain;
        this.keys = keys;
        this.currentCaller = currentCaller;
        this.currentRequest = currentRequest;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Writes the entry in the caller's transaction: if the act is rolled back, so is its record; if the record cannot be written, the act is rolled
     * back. It is written when that transaction is about to commit, because writing it locks the end of the tenant's chain.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void record(AuditEntry entry) {
        // A commit that is under way can begin no transaction to read them in.
        keys.load();
        var request = currentRequest.find();
        var caller = caller();
        waiting()
                .rows
                .add(new AuditRow(
                        Uuid7.next(),
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        entry.tenantId(),
                        actorKind(caller, request),
                        caller.map(Caller::id).orElse(null),
                        caller.flatMap(Caller::userId).orElse(null),
                        entry.action(),
                        entry.subjectKind(),
                        entry.subjectId(),
                        request.map(RequestFacts::address).orElse(null),
                        request.map(RequestFacts::id).orElse(null),
                        details(entry)));
    }

    private Optional<Caller> caller() {
        return Arc.container().requestContext().isActive() ? currentCaller.find() : Optional.empty();
    }

    private static String actorKind(Optional<Caller> caller, Optional<RequestFacts> request) {
        return caller.map(known -> known.kind().word()).orElse(request.isPresent() ? "anonymous" : "system");
    }

    private String details(AuditEntry entry) {
        try {
            return json.writeValueAsString(entry.details());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Details of " + entry.action() + " are no JSON", e);
        }
    }

    private Waiting waiting() {
        if (transactions.getResource(Waiting.class) instanceof Waiting known) {
            return known;
        }
        // So that there is an open one to flush in the end.
        entities.joinTransaction();
        var waiting = new Waiting();
        transactions.putResource(Waiting.class, waiting);
        transactions.registerInterposedSynchronization(waiting);
        return waiting;
    }

    private void write(List<AuditRow> rows) {
        // Before an end is locked: whatever else has to wait for another transaction must not hold one meanwhile.
        entities.flush();
        try (var connection = database.getConnection()) {
            for (var entry : byChain(rows).entrySet()) {
                chain.append(connection, entry.getKey(), entry.getValue());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The audit log cannot be written", e);
        }
    }

    // In one order everywhere, so that two transactions that write to the same chains never wait for each other.
    private static SortedMap<UUID, List<AuditRow>> byChain(List<AuditRow> rows) {
        var chains = new TreeMap<UUID, List<AuditRow>>();
        rows.forEach(row ->
                chains.computeIfAbsent(row.chain(), chain -> new ArrayList<>()).add(row));
        return chains;
    }

    /** The rows of a transaction, until it is about to commit. */
    private final class Waiting implements Synchronization {

        private final List<AuditRow> rows = new ArrayList<>();

        @Override
        public void beforeCompletion() {
            write(rows);
        }

        @Override
        public void afterCompletion(int status) {
            // Nothing outlives the transaction.
        }
    }
}
