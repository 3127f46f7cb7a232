package dev.latchkey.oauthclient;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ClientIdentity;
import dev.latchkey.provider.ClientProof;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Registers and changes clients. */
@ApplicationScoped
public class OauthClients {

    private static final String DEFAULT_PROVIDER = "google";
    private static final int MOST_SECRETS = 3;
    private static final long LEAST_NUMBER = 100_000_000_000L;
    private static final long MOST_NUMBER = 9_007_199_254_740_991L;

    /** What is true of a client besides what is asked for when it is registered. */
    public record History(boolean isActive, Instant createdAt, Instant updatedAt) {}

    private final Providers providers;
    private final ClientProof proof;
    private final Sealer sealer;
    private final ClusterLock lock;
    private final AuditLog audit;
    private final Event<OauthClientEvent> events;
    private final Clock clock;

    OauthClients(
            Providers providers,
            ClientProof proof,
            Sealer sealer,
            ClusterLock lock,
            AuditLog audit,
            Event<OauthClientEvent> events,
            Clock clock) {
        this.providers = providers;
        this.proof = proof;
        this.sealer = sealer;
        this.lock = lock;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    @Produces
    @Singleton
    static SealedTable sealedTable() {
        return ClientSecret.TABLE;
    }

    /** The provider, which is asked for before the transaction begins: it may have to be discovered. */
    Provider provider(NewOauthClient request) {
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
        request.secret().ifPresent(secret -> proof.check(provider, secret));
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
        request.secret().ifPresent(secret -> ClientSecret.of(client.id, secret, sealer, client.createdAt)
                .persist());
        audit.record(about(client, "oauth_client.created").with("after", facts(client)));
        tell(client);
        return client;
    }

    private OauthClient of(Caller caller, NewOauthClient request, Provider provider, History history) {
        var client = new OauthClient();
        client.id = Uuid7.next();
        client.number = new SecureRandom().nextLong(LEAST_NUMBER, MOST_NUMBER);
        client.tenantId = caller.tenantId();
        client.provider = provider.name();
        client.clientOauthId = request.clientId();
        client.branchId = request.branchId();
        client.workspaceEmail = request.workspaceEmail();
        client.workspaceName = request.workspaceName();
        client.redirectUri = request.redirectUri();
        client.scopes =
                Optional.ofNullable(request.scopes()).orElse(provider.scopes()).toArray(String[]::new);
        client.isActive = history.isActive();
        client.createdBy = caller.userId().orElse(null);
        client.createdAt = history.createdAt();
        client.updatedAt = history.updatedAt();
        return client;
    }

    /** @throws Problem {@code not_found} */
    @Transactional
    public OauthClient get(UUID tenantId, ClientReference name) {
        return OauthClient.find(tenantId, name).orElseThrow(Problem::notFound);
    }

    /** @throws Problem {@code not_found}, for a client that is not active as well */
    @Transactional
    public OauthClient getActive(UUID tenantId, ClientReference name) {
        return OauthClient.find(tenantId, name)
                .filter(client -> client.isActive)
                .orElseThrow(Problem::notFound);
    }

    /** For who need not say who they are: a login begins there. */
    @Transactional
    public Optional<OauthClient> findAnyones(ClientReference name) {
        return OauthClient.findAnyones(name).filter(client -> client.isActive);
    }

    @Transactional
    public Optional<OauthClient> find(UUID id) {
        return OauthClient.findByIdOptional(id);
    }

    @Transactional
    public Optional<OauthClient> ofBranch(UUID tenantId, String branchId) {
        return OauthClient.ofBranch(tenantId, branchId);
    }

    /** Who it is to its provider. */
    @Transactional
    public ClientIdentity identity(OauthClient client) {
        return new ClientIdentity(
                client.clientOauthId,
                ClientSecret.of(client.id).stream()
                        .map(secret -> secret.open(sealer))
                        .toList());
    }

    @Transactional
    OauthClient change(UUID tenantId, ClientReference name, UpdateOauthClient request) {
        var client = get(tenantId, name);
        client.lock();
        var before = facts(client);
        Optional.ofNullable(request.redirectUri()).ifPresent(uri -> client.redirectUri = RedirectUri.checked(uri));
        Optional.ofNullable(request.workspaceEmail()).ifPresent(email -> client.workspaceEmail = email);
        Optional.ofNullable(request.workspaceName()).ifPresent(words -> client.workspaceName = words);
        Optional.ofNullable(request.scopes()).ifPresent(scopes -> client.scopes = scopes.toArray(String[]::new));
        Optional.ofNullable(request.isActive()).ifPresent(is -> client.isActive = is);
        var entry = about(client, "oauth_client.changed").changed(before, facts(client));
        if (request.clientSecret() != null) {
            change(client, new Secret(request.clientSecret()), Boolean.TRUE.equals(request.keepOldSecrets()));
            entry.with("secret", "changed");
        }
        client.updatedAt = clock.instant();
        audit.record(entry);
        tell(client);
        return client;
    }

    private void change(OauthClient client, Secret secret, boolean keepOld) {
        proof.check(providers.get(client.provider), secret);
        var old = ClientSecret.of(client.id);
        old.stream().skip(keepOld ? MOST_SECRETS - 1 : 0).forEach(ClientSecret::delete);
        ClientSecret.of(client.id, secret, sealer, clock.instant()).persist();
    }

    /** With its secrets. In the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void delete(OauthClient client) {
        audit.record(about(client, "oauth_client.deleted").with("before", facts(client)));
        OauthClient.deleteById(client.id);
        tell(client);
    }

    private void tell(OauthClient client) {
        events.fire(new OauthClientEvent(client.tenantId, client.branchId));
    }

    @Transactional
    OauthClientView view(OauthClient client) {
        return OauthClientView.of(client, ClientSecret.of(client.id).size());
    }

    private static AuditEntry about(OauthClient client, String action) {
        return AuditEntry.of(client.tenantId, action, "oauth_client", client.number)
                .with("branch_id", client.branchId);
    }

    private static Map<String, Object> facts(OauthClient client) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("client_oauth_id", client.clientOauthId);
        facts.put("provider", client.provider);
        facts.put("redirect_uri", client.redirectUri);
        facts.put("workspace_email", client.workspaceEmail);
        facts.put("workspace_name", client.workspaceName);
        facts.put("scopes", List.of(client.scopes));
        facts.put("is_active", client.isActive);
        return facts;
    }
}
