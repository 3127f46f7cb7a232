package dev.latchkey.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import dev.latchkey.audit.AuditRow.Linked;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
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

    /**
     * Lines of JSON up to the end as it is now, and that end signed; written as they are read.
     *
     * @throws Problem {@code unavailable} if as many are under way as may be
     */
    Object export(UUID chain, AuditFilter filter) {
        if (exports.availablePermits() == 0) {
            throw tooMany();
        }
        return new Download(chain, filter);
    }

    /** To Jackson, which writes every answer of this media type, a value that writes itself. */
    private final class Download extends JsonSerializable.Base {

        private final UUID chain;
        private final AuditFilter filter;

        private Download(UUID chain, AuditFilter filter) {
            this.chain = chain;
            this.filter = filter;
        }

        @Override
        public void serialize(JsonGenerator out, SerializerProvider provider) throws IOException {
            exports.acquireUninterruptibly();
            try {
                var end = rows.extent(chain).head();
                write(out, end.map(ChainHead::position).orElse(0L));
                var checkpoint = end.map(head -> checkpoints.view(checkpoints.sign(head)));
                line(out, Collections.singletonMap("checkpoint", checkpoint.orElse(null)));
            } finally {
                exports.release();
            }
        }

        @Override
        public void serializeWithType(JsonGenerator out, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            serialize(out, provider);
        }

        private void write(JsonGenerator out, long to) throws IOException {
            var page = rows.oldest(chain, 0, to, filter);
            while (!page.isEmpty()) {
                for (var row : page) {
                    line(out, View.of(row, json));
                }
                page = rows.oldest(chain, page.getLast().position(), to, filter);
            }
        }

        private void line(JsonGenerator out, Object value) throws IOException {
            out.writeRaw(json.writeValueAsString(value));
            out.writeRaw('\n');
        }
    }

    private static void take(Semaphore turns) {
        if (!turns.tryAcquire()) {
            throw tooMany();
        }
    }

    private static Problem tooMany() {
        return new Problem(CommonProblem.UNAVAILABLE, "The audit log is read through by too many at this moment")
                .header("Retry-After", "5");
    }
}
