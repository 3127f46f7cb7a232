package dev.latchkey.provider;

import dev.latchkey.platform.crypto.Secret;
import java.util.List;
import java.util.Optional;

/**
 * Who we are to a provider.
 *
 * @param secrets tried in this order, while a provider changes from one to the next; none for a public client
 * @param authentication what was agreed on for this client; empty if it is what the provider says
 */
public record ClientIdentity(String clientId, List<Secret> secrets, Optional<ClientAuthentication> authentication) {

    public ClientIdentity {
        secrets = List.copyOf(secrets);
    }

    /** One that proves itself as the provider says. */
    public ClientIdentity(String clientId, List<Secret> secrets) {
        this(clientId, secrets, Optional.empty());
    }
}
