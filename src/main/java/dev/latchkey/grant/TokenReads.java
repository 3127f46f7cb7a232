package dev.latchkey.grant;

import dev.latchkey.platform.auditline.AuditLines;
import dev.latchkey.platform.http.RequestFacts;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** A line for each token that was given out: {@code TOKEN_AUDIT} and a JSON object, in a log category of that name. Never with the token in it. */
@Singleton
public class TokenReads {

    private final AuditLines.Category lines;
    private final Clock clock;

    TokenReads(AuditLines lines, Clock clock) {
        this.lines = lines.category("TOKEN_AUDIT");
        this.clock = clock;
    }

    /**
     * @param readerKind as callers and credentials are called
     * @param reason what the reader said, or how the token came to be given; empty if nothing
     */
    public void read(
            String readerKind, UUID readerId, UUID tenantId, String branchId, String reason, RequestFacts facts) {
        lines.write(line -> line.with(
                        "at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                .with("tenant_id", tenantId.toString())
                .with("branch_id", branchId)
                .with("reader_kind", readerKind)
                .with("reader_id", readerId.toString())
                .with("reason", reason)
                .with("address", facts.address())
                .with("request_id", facts.id()));
    }

    /** The same for the token of a grant. */
    public void read(String readerKind, UUID readerId, Grant grant, String reason, RequestFacts facts) {
        read(readerKind, readerId, grant.tenantId(), grant.branchId(), reason, facts);
    }
}
