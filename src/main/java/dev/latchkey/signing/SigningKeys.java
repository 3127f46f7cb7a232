package dev.latchkey.signing;

import dev.latchkey.platform.cache.NearCache;
import dev.latchkey.platform.cache.NearCaches;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys as they are now, on every replica: who signs, and who verifies. */
@ApplicationScoped
class SigningKeys {

    /** @param kid names the key in what it signs */
    record Signer(String kid, KeyAlgorithm algorithm, PrivateKey key) {
        @Override
        public String toString() {
            return "Signer[" + kid + "]";
        }
    }

    static final String CACHE = "signing_keys";
    static final String RING = "ring";

    private final Sealer sealer;
    private final NearCache<KeyRing> rings;
    private volatile @Nullable Signer lastSigner;
    private volatile @Nullable KeyRing lastRing;

    SigningKeys(Sealer sealer, NearCaches caches) {
        this.sealer = sealer;
        this.rings = caches.create(CACHE, 1);
    }

    @Produces
    @Singleton
    static SealedTable sealedTable() {
        return SigningKey.TABLE;
    }

    /** Who verifies. As sure as the near cache: a withdrawn key is gone on every replica as soon as the withdrawal is answered. */
    Uni<KeyRing> ring() {
        return rings.get(RING, this::load).map(Optional::orElseThrow);
    }

    /** The same at once, for who is on a worker thread already: it must not wait for another one. Blocking. */
    KeyRing ringNow() {
        var known = rings.glance(RING).flatMap(ring -> ring);
        if (known.isPresent()) {
            return known.get();
        }
        // For those who come after.
        ring().subscribe().with(ring -> {}, failure -> {});
        return load().orElseThrow();
    }

    /** Who verified when we last knew: for those who read the public keys, and had better get old ones than none. */
    Uni<KeyRing> ringOrLast() {
        return ring().onFailure().recoverWithUni(failure -> {
            var last = lastRing;
            return last == null
                    ? Uni.createFrom().failure(failure)
                    : Uni.createFrom().item(last);
        });
    }

    /**
     * Who signs, read from PostgreSQL in the caller's transaction: a key that was withdrawn before signs nothing more.
     *
     * @param until when the longest-lived token expires that will be signed
     */
    Signer signer(Instant until) {
        var current = SigningKey.in(KeyState.CURRENT).orElseThrow();
        current.willHaveSignedUntil(until);
        var last = lastSigner;
        if (last == null || !last.kid().equals(current.kid)) {
            last = new Signer(current.kid, current.algorithm, current.privateKey(sealer));
            lastSigner = last;
        }
        return last;
    }

    private Optional<KeyRing> load() {
        var ring = QuarkusTransaction.requiringNew().call(() -> KeyRing.of(SigningKey.verifying()));
        lastRing = ring;
        return Optional.of(ring);
    }
}
