package dev.latchkey.keywatch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.UseListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One line for each use of a key: {@code API_AUDIT} and a JSON object, in a log category of that name. It goes to standard output as it is: wrapped as
 * other lines are, it would cost more than all else that a use costs.
 */
@Singleton
class ApiAudit implements UseListener {

    static final String CATEGORY = "API_AUDIT";

    private static final Logger LOG = Logger.getLogger(CATEGORY);
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private final KeyWatchConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;
    private @Nullable AuditLines lines;

    ApiAudit(KeyWatchConfig config, MeterRegistry metrics, Clock clock) {
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (config.plain()) {
            // Not System.out, whose lock a writer that stands still would keep.
            lines = new AuditLines(new FileOutputStream(FileDescriptor.out));
            FunctionCounter.builder("latchkey_api_audit_lost", lines, AuditLines::lost)
                    .description("Lines API_AUDIT that found no room, or could not be written")
                    .register(metrics);
            category().setUseParentHandlers(false);
            category().addHandler(lines);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (lines != null) {
            category().removeHandler(lines);
            category().setUseParentHandlers(true);
            lines.close();
        }
    }

    private static java.util.logging.Logger category() {
        return java.util.logging.Logger.getLogger(CATEGORY);
    }

    @Override
    public void used(Credential credential, Use use) {
        if (LOG.isInfoEnabled()) {
            LOG.info(line(credential, use));
        }
    }

    private String line(Credential credential, Use use) {
        var label = credential.label().orElseThrow();
        var line = new StringBuilder(320).append(CATEGORY).append(" {");
        text(line, "at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        text(line, "key_id", label.keyId());
        text(line, "role", label.role());
        text(line, "kind", credential.kind().word());
        text(line, "endpoint", use.endpoint());
        text(line, "method", use.method());
        line.append("\"status\":").append(use.status()).append(',');
        // Milliseconds with three digits.
        line.append("\"ms\":").append(use.took().toNanos() / 1000 / 1000.0).append(',');
        text(line, "address", use.address());
        text(line, "request_id", use.facts().id());
        line.setLength(line.length() - 1);
        return line.append('}').toString();
    }

    private static void text(StringBuilder line, String name, String value) {
        line.append('"').append(name).append("\":\"");
        if (isPlain(value)) {
            line.append(value);
        } else {
            ENCODER.quoteAsString(value, line);
        }
        line.append("\",");
    }

    // Nearly all are; what quotes goes character by character.
    private static boolean isPlain(String value) {
        for (var i = 0; i < value.length(); i++) {
            var character = value.charAt(i);
            if (character < ' ' || character == '"' || character == '\\') {
                return false;
            }
        }
        return true;
    }
}
