package dev.latchkey.oauth;

import dev.latchkey.grant.GrantChanges;
import dev.latchkey.oauth.LoginState.Login;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import dev.latchkey.provider.TokenEndpoint;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Granted;
import dev.latchkey.provider.TokenReply.Refused;
import dev.latchkey.provider.Tokens;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Logins at providers, from the redirect to the tokens (RFC 6749, section 4.1; RFC 9700, section 2.1). Blocking. */
@ApplicationScoped
class Logins {

    private static final String ACCESS_DENIED = "access_denied";

    /** What a provider's callback brings. */
    record Callback(
            @Nullable String code,
            @Nullable String state,
            @Nullable String iss,
            @Nullable String error) {

        @Override
        public String toString() {
            return "Callback";
        }
    }

    /** An account is connected. */
    record Connected(OauthClient client, Tokens tokens, Optional<Instant> expiresAt) {}

    private final OauthClients clients;
    private final Providers providers;
    private final TokenEndpoint endpoint;
    private final LoginState states;
    private final GrantChanges changes;
    private final EntityManager database;
    private final OauthConfig config;
    private final Clock clock;

    Logins(
            OauthClients clients,
            Providers providers,
            TokenEndpoint endpoint,
            LoginState states,
            GrantChanges changes,
            EntityManager database,
            OauthConfig config,
            Clock clock) {
        this.clients = clients;
        this.providers = providers;
        this.endpoint = endpoint;
        this.states = states;
        this.changes = changes;
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    /** @throws Problem {@code not_found}, for a client that is not active as well */
    OauthClient client(ClientReference name) {
        return clients.findAnyones(name).orElseThrow(Problem::notFound);
    }

    /**
     * Where the browser goes to log in.
     *
     * @param browser what only this browser has
     */
    URI begin(OauthClient client, String browser) {
        var provider = providers.get(client.provider);
        var at = provider.endpoints()
                .authorization()
                .orElseThrow(() -> new Problem(OauthProblem.AUTHORIZATION_FAILED, "The provider has no login"));
        var login = LoginState.begin(client.id, browser, clock.instant().plus(config.life()));
        var parameters = new LinkedHashMap<String, String>(provider.authorizationParameters());
        parameters.put("response_type", "code");
        parameters.put("client_id", client.clientOauthId);
        parameters.put("redirect_uri", client.redirectUri);
        if (client.scopes.length > 0) {
            parameters.put("scope", String.join(provider.scopeSeparator(), client.scopes));
        }
        parameters.put("state", states.seal(login));
        if (provider.pkce()) {
            parameters.put("code_challenge", LoginState.digest(login.verifier()));
            parameters.put("code_challenge_method", "S256");
        }
        return with(at, parameters);
    }

    private static URI with(URI at, Map<String, String> parameters) {
        var query = parameters.entrySet().stream()
                .map(one -> encode(one.getKey()) + "=" + encode(one.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(at + (at.getRawQuery() == null ? "?" : "&") + query);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Takes what a provider sent back.
     *
     * @param browser what a browser sent; empty if it sent nothing
     * @throws Problem {@code invalid_state}, {@code access_denied}, {@code authorization_failed}, {@code exchange_failed}
     */
    Connected finish(Callback callback, String browser) {
        var state = Optional.ofNullable(callback.state()).orElse("");
        var login = states.open(state)
                .filter(known -> clock.instant().isBefore(Instant.ofEpochSecond(known.expiresAt())))
                .filter(known -> LoginState.isOf(known, browser))
                .orElseThrow(Logins::invalidState);
        var client =
                clients.find(login.client()).filter(known -> known.isActive).orElseThrow(Logins::invalidState);
        var provider = providers.get(client.provider);
        checkIssuer(provider, callback.iss());
        if (!isFirst(state, login)) {
            throw invalidState();
        }
        if (callback.error() != null) {
            throw refused(callback.error());
        }
        if (callback.code() == null || callback.code().isEmpty()) {
            throw new Problem(OauthProblem.AUTHORIZATION_FAILED, "The provider sent no code");
        }
        return exchange(client, provider, login, callback.code());
    }

    private Connected exchange(OauthClient client, Provider provider, Login login, String code) {
        var verifier = provider.pkce() ? Optional.of(new Secret(login.verifier())) : Optional.<Secret>empty();
        var reply = endpoint.exchange(provider, clients.identity(client), code, client.redirectUri, verifier);
        return switch (reply) {
            case Granted(Tokens tokens, int ignored) -> {
                var now = clock.instant();
                changes.connected(client, tokens, provider, now);
                yield new Connected(
                        client,
                        tokens,
                        tokens.life().or(provider::lifeWhenUnsaid).map(now::plus));
            }
            case Refused refused ->
                throw failed(
                        refused.isOfClient()
                                ? "The provider does not accept the client's id or secret"
                                : "The provider refused the code",
                        refused.error());
            case Failed failed -> throw failed("The provider gave no answer that could be used", failed.why());
        };
    }

    private static Problem failed(String detail, String reason) {
        return new Problem(OauthProblem.EXCHANGE_FAILED, detail).with("reason", reason);
    }

    // RFC 9207, section 2.4: whoever else's answer this is, the code is not for us to redeem here.
    private static void checkIssuer(Provider provider, @Nullable String iss) {
        var isWrong = iss == null
                ? provider.namesIssuer()
                : provider.issuer().filter(iss::equals).isEmpty();
        if (isWrong && (iss == null || provider.issuer().isPresent())) {
            throw invalidState();
        }
    }

    /** False for a state that came back before. */
    private boolean isFirst(String state, Login login) {
        return QuarkusTransaction.requiringNew()
                .call(() -> database.createNativeQuery(
                                        "insert into oauth_used_states (digest, expires_at) values (?1, ?2) on conflict do nothing")
                                .setParameter(1, Digests.sha256(state))
                                .setParameter(2, Instant.ofEpochSecond(login.expiresAt()))
                                .executeUpdate()
                        > 0);
    }

    @Scheduled(every = "10m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @Transactional
    void forgetUsedStates() {
        database.createNativeQuery("delete from oauth_used_states where expires_at < ?1")
                .setParameter(1, clock.instant())
                .executeUpdate();
    }

    private static Problem refused(String error) {
        return error.equals(ACCESS_DENIED)
                ? new Problem(OauthProblem.ACCESS_DENIED, OauthProblem.ACCESS_DENIED.title())
                : new Problem(OauthProblem.AUTHORIZATION_FAILED, OauthProblem.AUTHORIZATION_FAILED.title())
                        .with("reason", known(error));
    }

    // Whoever calls writes it: only what an error code may be is passed on (RFC 6749, section 4.1.2.1).
    private static String known(String error) {
        return error.matches("[A-Za-z0-9_.-]{1,100}") ? error : "unknown";
    }

    private static Problem invalidState() {
        return new Problem(OauthProblem.INVALID_STATE, OauthProblem.INVALID_STATE.title());
    }
}
