package dev.latchkey.oauthclient;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.cluster.ClusterLock;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ClientAuthentication;
import dev.latchkey.provider.ClientIdentity;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Registers and changes clients. */
@ApplicationScoped
public class OauthClients {

    private static final String DEFAULT_PROVIDER = "google";
    private static final long LEAST_NUMBER = 100_000_000_000L;
    private static final long MOST_NUMBER = 9_007_199_254_740_991L;

    private final Providers providers;
    private final ClientSecrets secrets;
    private final ClusterLock lock;
    private final AuditLog audit;
    private final Event<OauthClientEvent> events;
    private final Clock clock;

    OauthClients(
            Providers providers,
            ClientSecrets secrets,
            ClusterLock lock,
            AuditLog audit,
            Event<OauthClientEvent> events,
            Clock clock) {
        this.providers = providers;
        this.secrets = secrets;
        this.lock = lock;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    /** The provider, which is asked for before the transaction begins: it may have to be discovered. */
    Provider provider(NewOauthClient request) {
        var provider = providers.get(Optional.ofNullable(request.provider()).orElse(DEFAULT_PROVIDER));
        var chosen = Optional.ofNullable(request.clientAuthentication());
        request.secret()
                .ifPresentOrElse(
                        secret -> secrets.check(chosen.orElse(provider.clientAuthentication()), secret),
                        () -> chosen.ifPresent(way -> {
                            throw ClientSecrets.noneToProve();
                        }));
        return provider;
    }

    /**
     * How a client proves itself whose secrets shall change, which is asked for before the transaction begins: the provider may have to be
     * discovered. Empty if nothing about that changes.
     */
    Optional<ClientAuthentication> authentication(UUID tenantId, ClientReference name, UpdateOauthClient request) {
        if (request.clientSecret() == null || request.clientAuthentication() != null) {
            return Optional.ofNullable(request.clientAuthentication());
        }
        var client = QuarkusTransaction.requiringNew().call(() -> get(tenantId, name));
        return client.authentication()
                .or(() -> Optional.of(providers.get(client.provider).clientAuthentication()));
    }

    /** @throws Problem {@code client_exists}, {@code branch_exists} */
    @Transactional
    OauthClient register(Caller caller, NewOauthClient request, Provider provider) {
        // Of two at once the second one waits, and sees the first.
        lock.take("oauth_clients." + caller.tenantId());
        if (OauthClient.count("tenantId = ?1 and clientOauthId = ?2", caller.tenantId(), request.clientId()) > 0) {
            throw new Problem(OauthClientProblem.CLIENT_EXISTS, "Another branch has this client_id");
        }
        if (OauthClient.ofBranch(caller.tenantId(), request.branchId()).isPresent()) {
            throw new Problem(OauthClientProblem.BRANCH_EXISTS, OauthClientProblem.BRANCH_EXISTS.title());
        }
        var client = of(caller, request, provider);
        client.persist();
        request.secret().ifPresent(secret -> secrets.add(client.id, secret, client.createdAt));
        audit.record(about(client, "oauth_client.created").with("after", facts(client)));
        tell(client);
        return client;
    }

    private OauthClient of(Caller caller, NewOauthClient request, Provider provider) {
        var client = new OauthClient();
        client.id = Uuid7.next();
        client.number = new SecureRandom().nextLong(LEAST_NUMBER, MOST_NUMBER);
        client.tenantId = caller.tenantId();
        client.provider = provider.name();
        client.clientOauthId = request.clientId();
        client.clientAuthentication = word(request.clientAuthentication());
        client.branchId = request.branchId();
        client.workspaceEmail = request.workspaceEmail();
        client.workspaceName = request.workspaceName();
        client.redirectUri = RedirectUri.checked(request.redirectUri());
        client.scopes = distinct(Optional.ofNullable(request.scopes()).orElse(provider.scopes()));
        client.isActive = true;
        client.createdBy = caller.userId().orElse(null);
        client.createdAt = clock.instant();
        client.updatedAt = client.createdAt;
        return client;
    }

    private static String[] distinct(List<String> scopes) {
        return scopes.stream().distinct().toArray(String[]::new);
    }

    private static @Nullable String word(@Nullable ClientAuthentication authentication) {
        return authentication == null ? null : authentication.word();
    }

    /** @throws Problem {@code not_found} */
    @Transactional
    public OauthClient get(UUID tenantId, ClientReference name) {
        return OauthClient.find(tenantId, name).orElseThrow(Problem::notFound);
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
        return new ClientIdentity(client.clientOauthId, secrets.of(client.id), client.authentication());
    }

    /** @param known what {@link #authentication} said */
    @Transactional
    OauthClient change(
            UUID tenantId, ClientReference name, UpdateOauthClient request, Optional<ClientAuthentication> known) {
        var client = get(tenantId, name);
        client.lock();
        var before = facts(client);
        Optional.ofNullable(request.redirectUri()).ifPresent(uri -> client.redirectUri = RedirectUri.checked(uri));
        Optional.ofNullable(request.workspaceEmail()).ifPresent(email -> client.workspaceEmail = email);
        Optional.ofNullable(request.workspaceName()).ifPresent(words -> client.workspaceName = words);
        Optional.ofNullable(request.scopes()).ifPresent(scopes -> client.scopes = distinct(scopes));
        Optional.ofNullable(request.isActive()).ifPresent(is -> client.isActive = is);
        Optional.ofNullable(request.clientAuthentication()).ifPresent(way -> client.clientAuthentication = way.word());
        var entry = about(client, "oauth_client.changed").changed(before, facts(client));
        if (request.clientSecret() != null) {
            entry.with("secret", "changed");
        }
        known.ifPresent(way -> prove(client, client.authentication().orElse(way), request));
        client.updatedAt = clock.instant();
        audit.record(entry);
        tell(client);
        return client;
    }

    private void prove(OauthClient client, ClientAuthentication authentication, UpdateOauthClient request) {
        request.secret().ifPresent(secret -> {
            secrets.check(authentication, secret);
            secrets.put(client.id, secret, Boolean.TRUE.equals(request.keepOldSecrets()), clock.instant());
        });
        secrets.checkAll(client.id, authentication);
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
        client.authentication().ifPresent(way -> facts.put("client_authentication", way.word()));
        facts.put("redirect_uri", client.redirectUri);
        facts.put("workspace_email", client.workspaceEmail);
        facts.put("workspace_name", client.workspaceName);
        facts.put("scopes", List.of(client.scopes));
        facts.put("is_active", client.isActive);
        return facts;
    }
}
