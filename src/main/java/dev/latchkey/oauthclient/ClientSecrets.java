package dev.latchkey.oauthclient;

import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.provider.ClientAuthentication;
import dev.latchkey.provider.ClientProof;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The secrets of clients, and what they must be fit for. In the caller's transaction. */
@Singleton
class ClientSecrets {

    private static final int MOST = 3;
    private static final String AUTHENTICATION = "client_authentication";

    private final ClientProof proof;
    private final Sealer sealer;

    ClientSecrets(ClientProof proof, Sealer sealer) {
        this.proof = proof;
        this.sealer = sealer;
    }

    @Produces
    @Singleton
    static SealedTable sealedTable() {
        return ClientSecret.TABLE;
    }

    /** @throws Problem {@code validation_failed} if the client could not prove itself with it in that way */
    void check(ClientAuthentication authentication, Secret secret) {
        proof.fault(authentication, secret).ifPresent(fault -> {
            throw Problem.invalidField("client_secret", fault);
        });
    }

    /** Whoever has none proves nothing, in no way. */
    static Problem noneToProve() {
        return Problem.invalidField(AUTHENTICATION, "needs a client_secret");
    }

    /** In the order in which they are tried. */
    List<Secret> of(UUID clientId) {
        return ClientSecret.of(clientId).stream()
                .map(secret -> secret.open(sealer))
                .toList();
    }

    void add(UUID clientId, Secret secret, Instant now) {
        ClientSecret.of(clientId, secret, sealer, now).persist();
    }

    /** Puts one before the others, of which two are kept at most. */
    void put(UUID clientId, Secret secret, boolean keepOld, Instant now) {
        ClientSecret.of(clientId).stream().skip(keepOld ? MOST - 1 : 0).forEach(ClientSecret::delete);
        add(clientId, secret, now);
    }

    /** @throws Problem {@code validation_failed} if one of those that the client has is not fit for that way */
    void checkAll(UUID clientId, ClientAuthentication authentication) {
        var all = of(clientId);
        if (all.isEmpty()) {
            throw noneToProve();
        }
        if (all.stream().anyMatch(secret -> proof.fault(authentication, secret).isPresent())) {
            throw Problem.invalidField(
                    AUTHENTICATION, "does not suit a secret that the client has; it takes a new client_secret alone");
        }
    }
}
