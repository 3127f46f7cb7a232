package dev.latchkey.oauthclient;

import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ClientAuthentication;
import dev.latchkey.provider.ClientIdentity;
import dev.latchkey.provider.Providers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** Clients that are registered. */
@ApplicationScoped
public class OauthClients {

    private final Providers providers;
    private final ClientSecrets secrets;
    private final ClientTrail trail;
    private final Clock clock;

    OauthClients(Providers providers, ClientSecrets secrets, ClientTrail trail, Clock clock) {
        this.providers = providers;
        this.secrets = secrets;
        this.trail = trail;
        this.clock = clock;
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
        return new ClientIdentity(client.clientOauthId, secrets.of(client.id), client.authentication());
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

    /** @param known what {@link #authentication} said */
    @Transactional
    OauthClient change(
            UUID tenantId, ClientReference name, UpdateOauthClient request, Optional<ClientAuthentication> known) {
        var client = get(tenantId, name);
        client.lock();
        var before = client.facts();
        Optional.ofNullable(request.redirectUri()).ifPresent(uri -> client.redirectUri = RedirectUri.checked(uri));
        Optional.ofNullable(request.workspaceEmail()).ifPresent(email -> client.workspaceEmail = email);
        Optional.ofNullable(request.workspaceName()).ifPresent(words -> client.workspaceName = words);
        Optional.ofNullable(request.scopes()).ifPresent(scopes -> client.scopes = OauthClient.distinct(scopes));
        Optional.ofNullable(request.isActive()).ifPresent(is -> client.isActive = is);
        Optional.ofNullable(request.clientAuthentication()).ifPresent(way -> client.clientAuthentication = way.word());
        known.ifPresent(way -> prove(client, client.authentication().orElse(way), request));
        client.updatedAt = clock.instant();
        trail.changed(client, before, request.clientSecret() != null);
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
        trail.deleted(client);
        OauthClient.deleteById(client.id);
    }

    @Transactional
    OauthClientView view(OauthClient client) {
        return OauthClientView.of(client, ClientSecret.of(client.id).size());
    }
}
