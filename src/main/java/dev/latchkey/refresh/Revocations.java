package dev.latchkey.refresh;

import dev.latchkey.grant.Grant;
import dev.latchkey.grant.GrantChanges;
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
        if (!changes.revoked(client, clock.instant())) {
            return Revoked.NOTHING_TO_REVOKE;
        }
        var grant = read(client.id);
        var told = grant.map(upstream::revoke).orElse(Told.NEVER);
        if (told != Told.NOT_YET) {
            changes.forgotten(client.id);
        }
        return told == Told.YES ? Revoked.HERE_AND_AT_PROVIDER : Revoked.HERE_ONLY;
    }

    // Of what cannot be opened nobody can be told.
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
            changes.forgotten(grant.clientId());
        } else {
            changes.revocationFailed(grant, clock.instant().plus(AGAIN));
        }
    }
}
