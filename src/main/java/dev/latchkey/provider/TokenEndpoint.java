package dev.latchkey.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.provider.ProviderHttp.Reply;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Asks providers for tokens. Blocking, in no transaction. */
@Singleton
public class TokenEndpoint {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int LONGEST_TOKEN = 16_384;
    private static final Duration LONGEST_LIFE = Duration.ofDays(3660);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    // RFC 6749, appendix A.7; anything else is not passed on.
    private static final Pattern ERROR = Pattern.compile("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]{1,100}");
    // They say no, and mean: not now (RFC 6749, section 4.1.2.1; RFC 8628, section 3.5; the others are Slack's).
    private static final Set<String> NOT_NOW = Set.of(
            "temporarily_unavailable",
            "server_error",
            "slow_down",
            "internal_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout",
            "ratelimited");
    private static final String INVALID_TOKEN = "invalid_token";

    private final ProviderHttp http;
    private final ClientProof proof;
    private final ObjectMapper json;
    private final Clock clock;

    TokenEndpoint(ProviderHttp http, ClientProof proof, ObjectMapper json, Clock clock) {
        this.http = http;
        this.proof = proof;
        this.json = json;
        this.clock = clock;
    }

    /** The tokens for an authorization code (RFC 6749, section 4.1.3; RFC 7636). */
    public TokenReply exchange(
            Provider provider, ClientIdentity client, String code, String redirectUri, Optional<Secret> verifier) {
        var form = new FormBody()
                .with("grant_type", "authorization_code")
                .with("code", code)
                .with("redirect_uri", redirectUri);
        verifier.ifPresent(text -> form.with("code_verifier", text.reveal()));
        return ask(provider, client, form);
    }

    /** New tokens for a refresh token (RFC 6749, section 6). */
    public TokenReply refresh(Provider provider, ClientIdentity client, Secret refreshToken) {
        return ask(
                provider,
                client,
                new FormBody().with("grant_type", "refresh_token").with("refresh_token", refreshToken.reveal()));
    }

    /** Tokens of the client itself (RFC 6749, section 4.4). */
    public TokenReply clientCredentials(Provider provider, ClientIdentity client, String scope) {
        var form = new FormBody().with("grant_type", "client_credentials");
        return ask(provider, client, scope.isEmpty() ? form : form.with("scope", scope));
    }

    /** Ends a token (RFC 7009). True if the provider has taken it, or knows of none; nothing is asked of one without the endpoint. */
    public boolean revoke(Provider provider, ClientIdentity client, Secret token) {
        if (provider.endpoints().revocation().isEmpty()) {
            return false;
        }
        var endpoint = provider.endpoints().revocation().get();
        for (var secret = 0; secret < Math.max(1, client.secrets().size()); secret++) {
            var form = new FormBody().with("token", token.reveal());
            var headers = proof.add(form, provider, client, secret);
            try {
                var reply = http.post(endpoint, !provider.isTrusted(), headers, form.encoded());
                var error = error(body(reply));
                // To be told of a token that is over already is no fault (section 2.2), though Google says so.
                if (reply.status() == OK || reply.status() == BAD_REQUEST && error.equals(INVALID_TOKEN)) {
                    return true;
                }
                if (reply.status() != UNAUTHORIZED && !new Refused(error, false).isOfClient()) {
                    return false;
                }
            } catch (IOException e) {
                return false;
            }
        }
        return false;
    }

    private TokenReply ask(Provider provider, ClientIdentity client, FormBody form) {
        TokenReply reply = new Refused(Refused.INVALID_CLIENT, false);
        for (var secret = 0; secret < Math.max(1, client.secrets().size()); secret++) {
            reply = ask(provider, client, secret, form.copy());
            if (!(reply instanceof Refused refused) || !refused.isOfClient()) {
                return reply;
            }
        }
        return reply;
    }

    private TokenReply ask(Provider provider, ClientIdentity client, int secret, FormBody form) {
        var headers = proof.add(form, provider, client, secret);
        try {
            var reply = http.post(provider.endpoints().token(), !provider.isTrusted(), headers, form.encoded());
            return read(provider, secret, reply);
        } catch (IOException e) {
            return new Failed(String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    private TokenReply read(Provider provider, int secret, Reply reply) {
        var body = body(reply);
        var error = error(body);
        if (!error.isEmpty() && reply.status() <= UNAUTHORIZED && reply.status() >= OK) {
            // Some say no with 200.
            return refused(provider, error, reply);
        }
        if (reply.status() == OK && body.isPresent()) {
            return granted(secret, body.get())
                    .<TokenReply>map(granted -> granted)
                    .orElseGet(() -> new Failed("An answer without a token", Optional.empty()));
        }
        if (reply.status() == UNAUTHORIZED) {
            return new Refused(Refused.INVALID_CLIENT, false);
        }
        if (reply.status() == BAD_REQUEST && body.isPresent()) {
            return new Failed("An answer without an error", Optional.empty());
        }
        return new Failed(reply.status() == OK ? "An answer that is no JSON" : "Status " + reply.status(), wait(reply));
    }

    private TokenReply refused(Provider provider, String error, Reply reply) {
        if (NOT_NOW.contains(error)) {
            return new Failed(error, wait(reply));
        }
        var known = ERROR.matcher(error).matches() ? error : "invalid_error";
        return new Refused(known, provider.goneErrors().contains(error));
    }

    private static String error(Optional<JsonNode> body) {
        return body.map(object -> object.path("error").asText("")).orElse("");
    }

    private Optional<JsonNode> body(Reply reply) {
        try {
            return Optional.ofNullable(json.readTree(reply.body())).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Granted> granted(int secret, JsonNode body) {
        return text(body, "access_token")
                .map(token -> new Granted(
                        new Tokens(
                                new Secret(token),
                                text(body, "refresh_token").map(Secret::new),
                                text(body, "token_type").orElse("Bearer"),
                                text(body, "scope"),
                                life(body.path("expires_in"))),
                        secret));
    }

    private static Optional<String> text(JsonNode body, String name) {
        return Optional.of(body.path(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isEmpty()
                        && text.length() <= LONGEST_TOKEN
                        && text.chars().allMatch(c -> c >= ' '));
    }

    // Some send it as a text. What cannot be true is as good as nothing.
    private static Optional<Duration> life(JsonNode expiresIn) {
        var seconds = expiresIn.asLong(0);
        return seconds > 0 && seconds <= LONGEST_LIFE.toSeconds()
                ? Optional.of(Duration.ofSeconds(seconds))
                : Optional.empty();
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
