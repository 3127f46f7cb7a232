package dev.latchkey.signing;

import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Map;
import java.util.Optional;

/** The keys in use, unsealed, in memory only. */
record KeyRing(String currentKid, PrivateKey signer, Map<String, ECPublicKey> verifiers) {

    KeyRing {
        verifiers = Map.copyOf(verifiers);
    }

    Optional<ECPublicKey> verifier(String kid) {
        return Optional.ofNullable(verifiers.get(kid));
    }

    @Override
    public String toString() {
        return "KeyRing" + verifiers.keySet();
    }
}
