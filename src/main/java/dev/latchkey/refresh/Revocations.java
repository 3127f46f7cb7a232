package dev.latchkey.refresh;

import dev.latchkey.grant.Grant;
import dev.latchkey.grant.GrantChanges;
import dev.latchkey.grant.GrantState;
import dev.latchkey.grant.Grants;
import dev.latchkey.oauthclient.OauthClient;
import dev.latchkey.platform.crypto.UnreadableSealException;
import dev.latchkey.refresh.Upstream.Told;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** The end of grants: here at once, and at the provider as soon as it can be told. */
@Singleton
public class Revocations {

    /** What became of it. */
    public enum Revoked {
        NOTHING_TO_REVOKE,
        HERE_ONLY,
        HERE_AND_AT_PROVIDER
    }

    private static final Logger LOG = Logger.getLogger(Revocations.class);
    private static final int MOST_TRIES = 20;
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final Grants grants;
    private final GrantChanges changes;
    private final Upstream upstream;
    private final Clock clock;

    Revocations(Grants grants, GrantChanges changes, Upstream upstream, Clock clock) {
        this.grants = grants;
        this.changes = changes;
        this.upstream = upstream;
        this.clock = clock;
    }

    /** Ends the client's grant. Blocking, in no transaction. */
    public Revoked revoke(OauthClient client) {
        var revoked = changes.revoked(client, clock.instant());
        if (revoked.isEmpty()) {
            return Revoked.NOTHING_TO_REVOKE;
        }
        // Of what cannot be opened nobody can be told.
        return revoked.getFirst().map(this::tell).orElse(Revoked.HERE_ONLY);
    }

    /** Tells the provider of what was ended before, if it may not know yet: there is no later. */
    public Revoked tellAtLast(OauthClient client) {
        return read(client.id)
                .filter(grant -> grant.state() == GrantState.REVOKED)
                .filter(grant -> grant.refreshToken().or(grant::accessToken).isPresent())
                .map(this::tell)
                .orElse(Revoked.NOTHING_TO_REVOKE);
    }

    private Revoked tell(Grant grant) {
        var told = upstream.revoke(grant);
        if (told != Told.NOT_YET) {
            changes.forgotten(grant);
        }
        return told == Told.YES ? Revoked.HERE_AND_AT_PROVIDER : Revoked.HERE_ONLY;
    }

    private Optional<Grant> read(UUID clientId) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> grants.find(clientId));
        } catch (UnreadableSealException e) {
            LOG.errorf("The provider is not told that the connection %s is over: %s", clientId, e.getMessage());
            return Optional.empty();
        }
    }

    /** For what is revoked here already. Not for ever: a provider that cannot be told for so long is not told. */
    void tellAgain(Grant grant) {
        if (upstream.revoke(grant) != Told.NOT_YET || grant.failures() > MOST_TRIES) {
            changes.forgotten(grant);
        } else {
            changes.revocationFailed(grant, clock.instant().plus(AGAIN));
        }
    }
}
