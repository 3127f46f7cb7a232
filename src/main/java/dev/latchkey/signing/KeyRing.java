package dev.latchkey.signing;

import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The public keys that verify now, by their {@code kid}. */
record KeyRing(Map<String, Verifier> verifiers) {

    /** @param algorithm the only one that it verifies */
    record Verifier(KeyAlgorithm algorithm, PublicKey key) {}

    KeyRing {
        verifiers = Map.copyOf(verifiers);
    }

    static KeyRing of(List<SigningKey> keys) {
        return new KeyRing(keys.stream()
                .collect(Collectors.toMap(
                        key -> key.kid, key -> new Verifier(key.algorithm, key.algorithm.publicKey(key.publicKey)))));
    }

    Optional<Verifier> verifier(String kid) {
        return Optional.ofNullable(verifiers.get(kid));
    }

    boolean has(String kid) {
        return verifiers.containsKey(kid);
    }

    /** The keys of a JWK Set (RFC 7517). */
    List<Map<String, Object>> jwks() {
        return verifiers.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue()
                        .algorithm()
                        .jwk(entry.getKey(), entry.getValue().key()))
                .toList();
    }
}
