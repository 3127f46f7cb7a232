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
import dev.latchkey.audit.Verdict.Finding;
import dev.latchkey.platform.paging.Page;
import dev.latchkey.platform.paging.PageRequest;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
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

    /**
     * The last line of a download.
     *
     * @param problem the first one, if the rows are not as they were written
     * @param reason why nothing is signed, if it is not for a problem
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record End(
            Checkpoints.Checkpoint.@Nullable View checkpoint,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Finding problem,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String reason) {}

    static final String JSON_LINES = "application/x-ndjson";

    private final AuditRows rows;
    private final Verification verification;
    private final ObjectMapper json;
    private final Semaphore verifications = new Semaphore(2);
    private final Semaphore exports = new Semaphore(4);

    AuditReading(AuditRows rows, Verification verification, ObjectMapper json) {
        this.rows = rows;
        this.verification = verification;
        this.json = json;
    }

    Page<View> list(UUID chain, PageRequest page, AuditFilter filter) {
        return page.page(rows.newest(chain, page, filter), row -> row.row().id(), row -> View.of(row, json));
    }

    boolean isKnown(UUID chain) {
        return !rows.extent(chain).isEmpty();
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
     * Lines of JSON up to the last row there is now, written as they are read. The last line is the end, signed, if all rows were found intact on the
     * way; else what was found first. Some rows prove nothing of those between them: with a filter, nothing is signed.
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
                line(out, filter.conditions().isEmpty() ? whole(out) : some(out));
            } finally {
                exports.release();
            }
        }

        @Override
        public void serializeWithType(JsonGenerator out, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            serialize(out, provider);
        }

        private End whole(JsonGenerator out) throws IOException {
            try {
                var verdict =
                        verification.whole(chain, page -> write(out, page)).verdict();
                return verdict.problem() == null
                        ? new End(verdict.checkpoint(), null, null)
                        : new End(null, verdict.problem(), null);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private End some(JsonGenerator out) {
            var to = rows.extent(chain).last();
            var page = rows.oldest(chain, 0, to, filter);
            while (!page.isEmpty()) {
                write(out, page);
                page = rows.oldest(chain, page.getLast().position(), to, filter);
            }
            return new End(null, null, "Rows chosen by a filter are not verified");
        }

        private void write(JsonGenerator out, List<Linked> page) {
            try {
                for (var row : page) {
                    line(out, View.of(row, json));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
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
