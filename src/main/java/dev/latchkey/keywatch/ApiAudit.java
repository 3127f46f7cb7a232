package dev.latchkey.keywatch;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.UseListener;
import dev.latchkey.platform.auditline.AuditLine;
import dev.latchkey.platform.auditline.AuditLines;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** One line for each use of a key: {@code API_AUDIT} and a JSON object, in a log category of that name. */
@Singleton
class ApiAudit implements UseListener {

    private final AuditLines.Category lines;
    private final Clock clock;

    ApiAudit(AuditLines lines, Clock clock) {
        this.lines = lines.category("API_AUDIT");
        this.clock = clock;
    }

    @Override
    public void used(Credential credential, Use use) {
        lines.write(line -> describe(line, credential, use));
    }

    private AuditLine describe(AuditLine line, Credential credential, Use use) {
        var label = credential.label().orElseThrow();
        return line.with("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                .with("key_id", label.keyId())
                .with("role", label.role())
                .with("kind", credential.kind().word())
                .with("endpoint", use.endpoint())
                .with("method", use.method())
                .with("status", use.status())
                // Milliseconds with three digits.
                .with("ms", use.took().toNanos() / 1000 / 1000.0)
                .with("address", use.address())
                .with("request_id", use.facts().id());
    }
}
