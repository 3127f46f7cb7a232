package dev.latchkey.oauthlogin;

import dev.latchkey.grant.GrantKind;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.oauthlogin.Connecting.Connected;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.form.FormBody;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import dev.latchkey.provider.TokenEndpoint;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
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

    /** Whose login it was, and what came of it. */
    record Finished(OauthClient client, Connected connected) {}

    private final OauthClients clients;
    private final Providers providers;
    private final TokenEndpoint endpoint;
    private final SealedLogins logins;
    private final Connecting connecting;
    private final EntityManager database;
    private final LoginConfig config;
    private final Clock clock;

    Logins(
            OauthClients clients,
            Providers providers,
            TokenEndpoint endpoint,
            SealedLogins logins,
            Connecting connecting,
            EntityManager database,
            LoginConfig config,
            Clock clock) {
        this.clients = clients;
        this.providers = providers;
        this.endpoint = endpoint;
        this.logins = logins;
        this.connecting = connecting;
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
                .orElseThrow(() -> new Problem(LoginProblem.AUTHORIZATION_FAILED, "The provider has no login"));
        var login = Login.begin(client.id, browser, clock.instant().plus(config.life()));
        var form = new FormBody();
        provider.authorizationParameters().forEach(form::with);
        form.with("response_type", "code")
                .with("client_id", client.clientOauthId)
                .with("redirect_uri", client.redirectUri);
        if (client.scopes.length > 0) {
            form.with("scope", provider.scope(client.scopes));
        }
        form.with("state", logins.seal(login));
        if (provider.pkce()) {
            form.with("code_challenge", login.challenge()).with("code_challenge_method", "S256");
        }
        return URI.create(at + (at.getRawQuery() == null ? "?" : "&") + form.encoded());
    }

    /**
     * Takes what a provider sent back.
     *
     * @param browser what a browser sent; empty if it sent nothing
     * @throws Problem {@code invalid_state}, {@code access_denied}, {@code authorization_failed}, {@code exchange_failed}
     */
    Finished finish(Callback callback, String browser) {
        var state = Optional.ofNullable(callback.state()).orElse("");
        var login = logins.open(state, Login.class)
                .filter(known -> !known.isOver(clock.instant()))
                .filter(known -> known.isOf(browser))
                .orElseThrow(Logins::invalidState);
        var client =
                clients.find(login.client()).filter(known -> known.isActive).orElseThrow(Logins::invalidState);
        var provider = providers.get(client.provider);
        checkIssuer(provider, callback.iss());
        if (!isFirst(login)) {
            throw invalidState();
        }
        if (callback.error() != null) {
            throw refused(callback.error());
        }
        if (callback.code() == null || callback.code().isEmpty()) {
            throw new Problem(LoginProblem.AUTHORIZATION_FAILED, "The provider sent no code");
        }
        return new Finished(client, exchange(client, provider, login, callback.code()));
    }

    private Connected exchange(OauthClient client, Provider provider, Login login, String code) {
        var verifier = provider.pkce() ? Optional.of(new Secret(login.verifier())) : Optional.<Secret>empty();
        var reply = endpoint.exchange(provider, clients.identity(client), code, client.redirectUri, verifier);
        return connecting.connect(client, provider, GrantKind.ACCOUNT, reply);
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

    /** False for a login that came back before, in whatever text. */
    private boolean isFirst(Login login) {
        return QuarkusTransaction.requiringNew()
                .call(() -> database.createNativeQuery(
                                        "insert into oauth_used_states (digest, expires_at) values (?1, ?2) on conflict do nothing")
                                .setParameter(1, Digests.sha256(login.verifier()))
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
                ? new Problem(LoginProblem.ACCESS_DENIED, LoginProblem.ACCESS_DENIED.title())
                : new Problem(LoginProblem.AUTHORIZATION_FAILED, LoginProblem.AUTHORIZATION_FAILED.title())
                        .with("reason", known(error));
    }

    // Whoever calls writes it: only what an error code may be is passed on (RFC 6749, section 4.1.2.1).
    private static String known(String error) {
        return error.matches("[A-Za-z0-9_.-]{1,100}") ? error : "unknown";
    }

    private static Problem invalidState() {
        return new Problem(LoginProblem.INVALID_STATE, LoginProblem.INVALID_STATE.title());
    }
}
