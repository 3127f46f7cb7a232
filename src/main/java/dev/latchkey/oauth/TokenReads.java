package dev.latchkey.oauth;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.latchkey.grant.Grant;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.http.CurrentRequest;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** A line for each token that was given out: {@code TOKEN_AUDIT} and a JSON object, in a log category of that name. Never with the token in it. */
@Singleton
class TokenReads {

    private static final Logger LOG = Logger.getLogger("TOKEN_AUDIT");
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private final CurrentRequest request;

    TokenReads(CurrentRequest request) {
        this.request = request;
    }

    /** @param reason what the reader said; empty if nothing */
    void read(Caller reader, Grant grant, String reason) {
        var line = new StringBuilder(250).append("TOKEN_AUDIT {");
        text(line, "tenant_id", grant.tenantId().toString());
        text(line, "branch_id", grant.branchId());
        text(line, "reader_kind", reader.kind().word());
        text(line, "reader_id", reader.id().toString());
        text(line, "reason", reason);
        request.find().ifPresent(facts -> {
            text(line, "address", facts.address());
            text(line, "request_id", facts.id());
        });
        line.setLength(line.length() - 1);
        LOG.info(line.append('}'));
    }

    private static void text(StringBuilder line, String name, String value) {
        line.append('"').append(name).append("\":\"");
        ENCODER.quoteAsString(value, line);
        line.append("\",");
    }
}
