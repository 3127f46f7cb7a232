package dev.latchkey.oauthclient;

import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ClientAuthentication;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Registers clients. */
@ApplicationScoped
public class ClientRegistration {

    private static final String DEFAULT_PROVIDER = "google";
    private static final long LEAST_NUMBER = 100_000_000_000L;
    private static final long MOST_NUMBER = 9_007_199_254_740_991L;

    /** What is true of a client besides what is asked for when it is registered. */
    public record History(boolean isActive, Instant createdAt, Instant updatedAt) {}

    private final Providers providers;
    private final ClientSecrets secrets;
    private final ClusterLock lock;
    private final ClientTrail trail;
    private final Clock clock;

    ClientRegistration(Providers providers, ClientSecrets secrets, ClusterLock lock, ClientTrail trail, Clock clock) {
        this.providers = providers;
        this.secrets = secrets;
        this.lock = lock;
        this.trail = trail;
        this.clock = clock;
    }

    /** The provider, which is asked for before the transaction begins: it may have to be discovered. */
    Provider provider(NewOauthClient request) {
        RedirectUri.checked(request.redirectUri());
        var provider = providers.get(Optional.ofNullable(request.provider()).orElse(DEFAULT_PROVIDER));
        check(request, provider);
        return provider;
    }

    /**
     * Checks what is not said by the annotations of a request.
     *
     * @throws Problem {@code validation_failed}
     */
    public void check(NewOauthClient request, Provider provider) {
        RedirectUri.checked(request.redirectUri());
        var chosen = Optional.ofNullable(request.clientAuthentication());
        request.secret()
                .ifPresentOrElse(
                        secret -> secrets.check(chosen.orElse(provider.clientAuthentication()), secret),
                        () -> chosen.ifPresent(way -> {
                            throw ClientSecrets.noneToProve();
                        }));
    }

    /** @throws Problem {@code client_exists}, {@code branch_exists} */
    @Transactional
    OauthClient register(Caller caller, NewOauthClient request, Provider provider) {
        lock(caller.tenantId());
        if (OauthClient.count("tenantId = ?1 and clientOauthId = ?2", caller.tenantId(), request.clientId()) > 0) {
            throw new Problem(OauthClientProblem.CLIENT_EXISTS, "Another branch has this client_id");
        }
        if (OauthClient.ofBranch(caller.tenantId(), request.branchId()).isPresent()) {
            throw new Problem(OauthClientProblem.BRANCH_EXISTS, OauthClientProblem.BRANCH_EXISTS.title());
        }
        var now = clock.instant();
        return takeOver(caller, request, provider, new History(true, now, now));
    }

    // Of two at once the second one waits, and sees the first.
    private void lock(UUID tenantId) {
        lock.take("oauth_clients." + tenantId);
    }

    /** The clients that have one of these names or branches; nobody registers another until the caller's transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    public List<OauthClient> known(UUID tenantId, List<String> clientOauthIds, List<String> branchIds) {
        lock(tenantId);
        return OauthClient.list(
                "tenantId = ?1 and (clientOauthId in ?2 or branchId in ?3)", tenantId, clientOauthIds, branchIds);
    }

    /**
     * Registers a client that was one elsewhere. In the caller's transaction, which has seen by {@link #known} that neither its name nor its branch is
     * taken.
     *
     * @param request checked, by its annotations too
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public OauthClient takeOver(Caller caller, NewOauthClient request, Provider provider, History history) {
        var client = of(caller, request, provider, history);
        client.persist();
        request.secret().ifPresent(secret -> secrets.add(client.id, secret, client.createdAt));
        trail.created(client);
        return client;
    }

    private OauthClient of(Caller caller, NewOauthClient request, Provider provider, History history) {
        var client = new OauthClient();
        client.id = Uuid7.next();
        client.number = RandomText.number(LEAST_NUMBER, MOST_NUMBER);
        client.tenantId = caller.tenantId();
        client.provider = provider.name();
        client.clientOauthId = request.clientId();
        client.clientAuthentication = Optional.ofNullable(request.clientAuthentication())
                .map(ClientAuthentication::word)
                .orElse(null);
        client.branchId = request.branchId();
        client.workspaceEmail = request.workspaceEmail();
        client.workspaceName = request.workspaceName();
        client.redirectUri = request.redirectUri();
        client.scopes =
                OauthClient.distinct(Optional.ofNullable(request.scopes()).orElse(provider.scopes()));
        client.isActive = history.isActive();
        client.createdBy = caller.userId().orElse(null);
        client.createdAt = history.createdAt();
        client.updatedAt = history.updatedAt();
        return client;
    }
}
