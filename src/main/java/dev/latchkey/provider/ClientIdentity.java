package dev.latchkey.provider;

import dev.latchkey.platform.crypto.Secret;
import java.util.List;

/**
 * Who we are to a provider.
 *
 * @param secrets tried in this order, while a provider changes from one to the next; none for a public client
 */
public record ClientIdentity(String clientId, List<Secret> secrets) {

    public ClientIdentity {
        secrets = List.copyOf(secrets);
    }
}
