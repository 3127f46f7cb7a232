package dev.latchkey.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.form.FormBody;
import dev.latchkey.provider.ProvenCalls.Said;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Asks providers for tokens. Blocking, in no transaction. */
@Singleton
public class TokenEndpoint {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int BROKEN = 500;
    private static final int LONGEST_TOKEN = 16_384;
    private static final Duration LONGEST_LIFE = Duration.ofDays(3660);
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

    private final ProvenCalls calls;

    TokenEndpoint(ProvenCalls calls) {
        this.calls = calls;
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

    /** The tokens for a device's code (RFC 8628, section 3.4); refused with {@code authorization_pending} until the user has agreed. */
    public TokenReply device(Provider provider, ClientIdentity client, Secret deviceCode) {
        return ask(
                provider,
                client,
                new FormBody()
                        .with("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
                        .with("client_id", client.clientId())
                        .with("device_code", deviceCode.reveal()));
    }

    /** Ends a token (RFC 7009). True if the provider has taken it, or knows of none; nothing is asked of one without the endpoint. */
    public boolean revoke(Provider provider, ClientIdentity client, Secret token) {
        if (provider.endpoints().revocation().isEmpty()) {
            return false;
        }
        try {
            var said = calls.ask(
                    provider,
                    provider.endpoints().revocation().get(),
                    client,
                    new FormBody().with("token", token.reveal()));
            // To be told of a token that is over already is no fault (section 2.2), though Google says so.
            return said.status() == OK
                    || said.status() == BAD_REQUEST && said.error().equals(INVALID_TOKEN);
        } catch (IOException e) {
            return false;
        }
    }

    private TokenReply ask(Provider provider, ClientIdentity client, FormBody form) {
        try {
            return read(provider, calls.ask(provider, provider.endpoints().token(), client, form));
        } catch (IOException e) {
            return new Failed(String.valueOf(e.getMessage()), Optional.empty(), true);
        }
    }

    private static TokenReply read(Provider provider, Said said) {
        if (!said.error().isEmpty() && said.status() <= UNAUTHORIZED && said.status() >= OK) {
            // Some say no with 200.
            return refused(provider, said);
        }
        if (said.status() == OK && said.body().isPresent()) {
            return granted(said.secret(), said.body().get())
                    .<TokenReply>map(granted -> granted)
                    .orElseGet(() -> new Failed("An answer without a token", Optional.empty(), false));
        }
        if (said.status() == UNAUTHORIZED) {
            return new Refused(Refused.INVALID_CLIENT, false);
        }
        if (said.status() == BAD_REQUEST && said.body().isPresent()) {
            return new Failed("An answer without an error", Optional.empty(), false);
        }
        return new Failed(
                said.status() == OK ? "An answer that is no JSON" : "Status " + said.status(),
                said.retryAfter(),
                said.status() >= BROKEN);
    }

    private static TokenReply refused(Provider provider, Said said) {
        return NOT_NOW.contains(said.error())
                ? new Failed(said.error(), said.retryAfter(), false)
                : new Refused(known(said.error()), provider.goneErrors().contains(said.error()));
    }

    /** The error code, if it can be one. */
    static String known(String error) {
        return ERROR.matcher(error).matches() ? error : "invalid_error";
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
}
