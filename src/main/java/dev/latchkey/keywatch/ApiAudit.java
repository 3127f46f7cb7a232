package dev.latchkey.keywatch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.UseListener;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** One line for each use of a key: {@code API_AUDIT} and a JSON object, in a log category of that name. */
@Singleton
class ApiAudit implements UseListener {

    private static final Logger LOG = Logger.getLogger("API_AUDIT");
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    @Override
    public void used(Credential credential, Use use) {
        if (LOG.isInfoEnabled()) {
            LOG.info(line(credential, use));
        }
    }

    private static String line(Credential credential, Use use) {
        var label = credential.label().orElseThrow();
        var line = new StringBuilder(300).append("API_AUDIT {");
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
        ENCODER.quoteAsString(value, line);
        line.append("\",");
    }
}
