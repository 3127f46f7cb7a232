package dev.latchkey.oauthlogin;

import dev.latchkey.grant.GrantKind;
import dev.latchkey.oauthclient.ClientReference;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.oauthlogin.Connecting.Connected;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.DeviceEndpoint;
import dev.latchkey.provider.Providers;
import dev.latchkey.provider.TokenEndpoint;
import dev.latchkey.provider.TokenReply;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Refused;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Logins where there is no browser: the account's owner types a code elsewhere (RFC 8628). Blocking. */
@Singleton
class DeviceLogins {

    private static final int SLOWER_BY_SECONDS = 5;

    /** What goes to whoever began it, sealed, and comes back with each question. */
    @RegisterForReflection
    record DeviceLogin(UUID client, String deviceCode, long expiresAt, long interval) {

        @Override
        public String toString() {
            return "DeviceLogin[client=" + client + "]";
        }
    }

    /**
     * @param login to be sent with each question whether the owner has agreed
     * @param userCode what the owner types at {@code verificationUri}
     * @param interval seconds between two questions
     */
    record Begun(
            boolean success,
            String login,
            String userCode,
            String verificationUri,
            @Nullable String verificationUriComplete,
            Instant expiresAt,
            long interval) {

        @Override
        public String toString() {
            return "Begun";
        }
    }

    private final OauthClients clients;
    private final Providers providers;
    private final DeviceEndpoint devices;
    private final TokenEndpoint endpoint;
    private final SealedLogins logins;
    private final Connecting connecting;
    private final Clock clock;

    DeviceLogins(
            OauthClients clients,
            Providers providers,
            DeviceEndpoint devices,
            TokenEndpoint endpoint,
            SealedLogins logins,
            Connecting connecting,
            Clock clock) {
        this.clients = clients;
        this.providers = providers;
        this.devices = devices;
        this.endpoint = endpoint;
        this.logins = logins;
        this.connecting = connecting;
        this.clock = clock;
    }

    /** @throws Problem {@code not_found}, {@code exchange_failed} */
    Begun begin(UUID tenantId, ClientReference name) {
        var client = clients.getActive(tenantId, name);
        var provider = providers.get(client.provider);
        var begun = devices.begin(provider, clients.identity(client), provider.scope(client.scopes));
        var expiresAt = clock.instant().plus(begun.life());
        var login = new DeviceLogin(
                client.id,
                begun.deviceCode().reveal(),
                expiresAt.getEpochSecond(),
                begun.interval().toSeconds());
        return new Begun(
                true,
                logins.seal(login),
                begun.userCode(),
                begun.verificationUri(),
                begun.verificationUriComplete().orElse(null),
                expiresAt,
                login.interval());
    }

    /**
     * Connects the account, if its owner has agreed.
     *
     * @throws Problem {@code invalid_state}, {@code authorization_pending}, {@code access_denied}, {@code exchange_failed}
     */
    Connected finish(UUID tenantId, ClientReference name, String text) {
        var client = clients.getActive(tenantId, name);
        var login = logins.open(text, DeviceLogin.class)
                .filter(known -> known.client().equals(client.id))
                .filter(known -> clock.instant().isBefore(Instant.ofEpochSecond(known.expiresAt())))
                .orElseThrow(DeviceLogins::invalidState);
        var provider = providers.get(client.provider);
        var reply = endpoint.device(provider, clients.identity(client), new Secret(login.deviceCode()));
        refuseIfNotYet(reply, login);
        return connecting.connect(client, provider, GrantKind.ACCOUNT, reply);
    }

    // RFC 8628, section 3.5.
    private static void refuseIfNotYet(TokenReply reply, DeviceLogin login) {
        var error =
                switch (reply) {
                    case Refused refused -> refused.error();
                    case Failed failed -> failed.why();
                    default -> "";
                };
        switch (error) {
            case "authorization_pending" -> throw pending(login.interval());
            case "slow_down" -> throw pending(login.interval() + SLOWER_BY_SECONDS);
            case "access_denied" -> throw new Problem(LoginProblem.ACCESS_DENIED, LoginProblem.ACCESS_DENIED.title());
            case "expired_token" -> throw invalidState();
            default -> {
                // There is a token, or Connecting tells why there is none.
            }
        }
    }

    private static Problem pending(long seconds) {
        return new Problem(LoginProblem.AUTHORIZATION_PENDING, LoginProblem.AUTHORIZATION_PENDING.title())
                .header("Retry-After", Long.toString(seconds));
    }

    private static Problem invalidState() {
        return new Problem(LoginProblem.INVALID_STATE, LoginProblem.INVALID_STATE.title());
    }
}
