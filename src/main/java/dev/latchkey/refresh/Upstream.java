package dev.latchkey.refresh;

import dev.latchkey.grant.Grant;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.oauthclient.OauthClients;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ClientIdentity;
import dev.latchkey.provider.Provider;
import dev.latchkey.provider.Providers;
import dev.latchkey.provider.TokenEndpoint;
import dev.latchkey.provider.TokenReply;
import dev.latchkey.provider.TokenReply.Failed;
import dev.latchkey.provider.TokenReply.Refused;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What is said to the providers of grants. Blocking, in no transaction; whatever goes wrong is an answer. */
@Singleton
class Upstream {

    /** Nobody can go on with such a grant but who connects it again. */
    static final String NO_REFRESH_TOKEN = "no_refresh_token";

    private static final Logger LOG = Logger.getLogger(Upstream.class);

    private record Known(OauthClient client, ClientIdentity identity) {}

    /** Whom we ask, and who we are to it. */
    record Peer(OauthClient client, ClientIdentity identity, Provider provider) {}

    /** Whether a provider knows that a token is over. */
    enum Told {
        YES,
        NOT_YET,
        /** It has no place where it could be told. */
        NEVER
    }

    /** @param peer empty if it could not even be asked */
    record Answer(TokenReply reply, Optional<Peer> peer) {

        private static Answer none(String why) {
            return new Answer(new Failed(why, Optional.empty(), false), Optional.empty());
        }
    }

    private final OauthClients clients;
    private final Providers providers;
    private final TokenEndpoint endpoint;
    private final Breakers breakers;

    Upstream(OauthClients clients, Providers providers, TokenEndpoint endpoint, Breakers breakers) {
        this.clients = clients;
        this.providers = providers;
        this.endpoint = endpoint;
        this.breakers = breakers;
    }

    /** Asks for new tokens, unless the provider is left alone. */
    Answer ask(Grant grant) {
        try {
            return peer(grant)
                    .map(peer -> new Answer(ask(peer, grant), Optional.of(peer)))
                    .orElseGet(() -> Answer.none("no_client"));
        } catch (Problem unavailable) {
            return Answer.none(unavailable.code().code());
        } catch (RuntimeException e) {
            LOG.errorf(e, "The provider of the connection %s could not be asked", grant.clientId());
            return Answer.none("internal_error");
        }
    }

    /** Tells the provider that it is over. */
    Told revoke(Grant grant) {
        return grant.refreshToken()
                .or(grant::accessToken)
                .map(token -> revoke(grant, token))
                .orElse(Told.YES);
    }

    private Told revoke(Grant grant, Secret token) {
        try {
            return peer(grant).map(peer -> revoke(peer, token)).orElse(Told.NEVER);
        } catch (Problem unavailable) {
            return Told.NOT_YET;
        } catch (RuntimeException e) {
            LOG.errorf(e, "The provider of the connection %s could not be told of its end", grant.clientId());
            return Told.NOT_YET;
        }
    }

    /** Tells the provider that the token is over. */
    Told revoke(Peer peer, Secret token) {
        if (peer.provider().endpoints().revocation().isEmpty()) {
            return Told.NEVER;
        }
        return endpoint.revoke(peer.provider(), peer.identity(), token) ? Told.YES : Told.NOT_YET;
    }

    private Optional<Peer> peer(Grant grant) {
        return QuarkusTransaction.requiringNew()
                .call(() -> clients.find(grant.clientId()).map(client -> new Known(client, clients.identity(client))))
                .map(known -> new Peer(known.client(), known.identity(), providers.get(known.client().provider)));
    }

    private TokenReply ask(Peer peer, Grant grant) {
        if (!grant.mayBeRefreshed()) {
            return new Refused(NO_REFRESH_TOKEN, true);
        }
        var name = peer.provider().name();
        var wait = breakers.wait(name, grant.clientId());
        if (wait.isPresent()) {
            return new Failed(grant.lastFailure().orElse("provider_left_alone"), wait, false);
        }
        var reply = reply(peer, grant);
        breakers.heard(name, grant.clientId(), reply);
        return reply;
    }

    private TokenReply reply(Peer peer, Grant grant) {
        return switch (grant.kind()) {
            case ACCOUNT ->
                endpoint.refresh(
                        peer.provider(), peer.identity(), grant.refreshToken().orElseThrow());
            case CLIENT ->
                endpoint.clientCredentials(
                        peer.provider(), peer.identity(), peer.provider().scope(peer.client().scopes));
        };
    }
}
