package dev.latchkey.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.audit.AuditRow.Linked;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** What admins read of the audit log. Whatever reads all of it takes its turn: it must not take the threads and connections of all other calls. */
@ApplicationScoped
class AuditReading {

    /**
     * An act as admins see it.
     *
     * @param position its place in the chain, from 1; the chain goes by it, and not by the clock
     * @param details often {@code before} and {@code after}; never a secret
     * @param hash of the row and all before it, in hexadecimal digits
     */
    // Written line by line, where a native image does not see that it becomes JSON.
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record View(
            UUID id,
            long position,
            Instant at,
            Actor actor,
            String action,
            Subject subject,
            @Nullable String address,
            @Nullable String requestId,
            Map<String, Object> details,
            String hash) {

        private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};

        /**
         * Who did it.
         *
         * @param kind {@code session}, {@code api_token}, {@code anonymous}, {@code system}, …
         * @param id of the session or the credential
         */
        @RegisterForReflection
        @JsonInclude(JsonInclude.Include.ALWAYS)
        record Actor(
                String kind, @Nullable UUID id, @Nullable UUID userId) {}

        /** What it was done to. */
        @RegisterForReflection
        record Subject(String kind, String id) {}

        static View of(Linked linked, ObjectMapper json) {
            var row = linked.row();
            return new View(
                    row.id(),
                    linked.position(),
                    row.at(),
                    new Actor(row.actorKind(), row.actorId(), row.actorUser()),
                    row.action(),
                    new Subject(row.subjectKind(), row.subjectId()),
                    row.address(),
                    row.requestId(),
                    details(row.details(), json),
                    HexFormat.of().formatHex(linked.hash()));
        }

        // What someone wrote by hand is no reason to show nothing at all.
        private static Map<String, Object> details(String text, ObjectMapper json) {
            try {
                return json.readValue(text, DETAILS);
            } catch (JsonProcessingException e) {
                return Map.of("unreadable", text);
            }
        }
    }

    static final String JSON_LINES = "application/x-ndjson";

    private static final int BUFFER = 32 * 1024;

    private final AuditRows rows;
    private final Verification verification;
    private final Checkpoints checkpoints;
    private final ObjectMapper json;
    private final Semaphore verifications = new Semaphore(2);
    private final Semaphore exports = new Semaphore(4);

    AuditReading(AuditRows rows, Verification verification, Checkpoints checkpoints, ObjectMapper json) {
        this.rows = rows;
        this.verification = verification;
        this.checkpoints = checkpoints;
        this.json = json;
    }

    Page<View> list(UUID chain, PageRequest page, AuditFilter filter) {
        return page.page(rows.newest(chain, page, filter), row -> row.row().id(), row -> View.of(row, json));
    }

    /** @throws Problem {@code unavailable} if as many are under way as may be */
    Verdict verify(UUID chain, long from, Optional<ChainHead> kept) {
        take(verifications);
        try {
            return verification.verify(chain, from, kept);
        } finally {
            verifications.release();
        }
    }

    /** Lines of JSON up to the end as it is now, and that end signed. */
    StreamingOutput export(UUID chain, AuditFilter filter) {
        return target -> {
            take(exports);
            try (var out = new BufferedOutputStream(target, BUFFER)) {
                var end = rows.extent(chain).head();
                write(out, chain, end.map(ChainHead::position).orElse(0L), filter);
                var checkpoint = end.map(head -> checkpoints.view(checkpoints.sign(head)));
                line(out, Collections.singletonMap("checkpoint", checkpoint.orElse(null)));
            } finally {
                exports.release();
            }
        };
    }

    private void write(OutputStream out, UUID chain, long to, AuditFilter filter) throws IOException {
        var after = 0L;
        while (after < to) {
            var page = rows.oldest(chain, after, to, filter);
            if (page.isEmpty()) {
                return;
            }
            for (var row : page) {
                line(out, View.of(row, json));
            }
            after = page.getLast().position();
        }
    }

    private void line(OutputStream out, @Nullable Object value) throws IOException {
        out.write(json.writeValueAsBytes(value));
        out.write('\n');
    }

    private static void take(Semaphore turns) {
        if (!turns.tryAcquire()) {
            throw new Problem(CommonProblem.UNAVAILABLE, "The audit log is read through by too many at this moment")
                    .header("Retry-After", "5");
        }
    }
}
