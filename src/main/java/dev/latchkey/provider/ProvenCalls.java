package dev.latchkey.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.form.FormBody;
import dev.latchkey.provider.ProviderHttp.Reply;
import dev.latchkey.provider.TokenReply.Refused;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Calls of a provider's endpoints that prove who asks, by each of the client's secrets in turn. Blocking. */
@Singleton
class ProvenCalls {

    private static final int UNAUTHORIZED = 401;
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /**
     * An answer.
     *
     * @param body empty if it is no JSON object
     * @param error the error code of the body; empty if there is none
     * @param retryAfter how long the provider asks to be left alone
     * @param secret which of the client's secrets was sent, from 0
     */
    record Said(int status, Optional<JsonNode> body, String error, Optional<Duration> retryAfter, int secret) {

        /** Whether it is the client that is not accepted, whatever it asks for. */
        private boolean isOfClient() {
            return error.isEmpty() ? status == UNAUTHORIZED : new Refused(error, false).isOfClient();
        }
    }

    private final ProviderHttp http;
    private final ClientProof proof;
    private final ObjectMapper json;
    private final Clock clock;

    ProvenCalls(ProviderHttp http, ClientProof proof, ObjectMapper json, Clock clock) {
        this.http = http;
        this.proof = proof;
        this.json = json;
        this.clock = clock;
    }

    /**
     * The first answer that is not about the client, or else the last.
     *
     * @throws IOException if one of them is none
     */
    Said ask(Provider provider, URI endpoint, ClientIdentity client, FormBody form) throws IOException {
        var said = ask(provider, endpoint, client, 0, form.copy());
        for (var secret = 1; secret < client.secrets().size() && said.isOfClient(); secret++) {
            said = ask(provider, endpoint, client, secret, form.copy());
        }
        return said;
    }

    private Said ask(Provider provider, URI endpoint, ClientIdentity client, int secret, FormBody form)
            throws IOException {
        var headers = proof.add(form, provider, client, secret);
        var reply = http.post(endpoint, !provider.isTrusted(), headers, form.encoded());
        var body = body(reply);
        var error = body.map(object -> object.path("error").asText("")).orElse("");
        return new Said(reply.status(), body, error, wait(reply), secret);
    }

    private Optional<JsonNode> body(Reply reply) {
        try {
            return Optional.ofNullable(json.readTree(reply.body())).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    // RFC 9110, section 10.2.3.
    private Optional<Duration> wait(Reply reply) {
        return seconds(reply.retryAfter())
                .filter(wait -> !wait.isNegative())
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    private Optional<Duration> seconds(String retryAfter) {
        try {
            if (retryAfter.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    Character.isDigit(retryAfter.charAt(0))
                            ? Duration.ofSeconds(Long.parseLong(retryAfter))
                            : Duration.between(
                                    clock.instant(),
                                    ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
