package dev.latchkey.signing;

import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code signing_keys}. Its private half is dropped as soon as it signs no more. Only changed columns are written: others are
 * changed meanwhile, by whoever signs and by the change of the keyset.
 */
@Entity
@Table(name = "signing_keys")
@DynamicUpdate
class SigningKey extends PanacheEntityBase {

    static final SealedTable TABLE = SealedTable.of("signing_keys", "kid", "private_sealed");

    private static final Duration RUNS_AHEAD = Duration.ofDays(1);
    // For clocks that differ, and for whoever was about to sign when the key stopped to.
    private static final Duration TOLERANCE = Duration.ofHours(1);

    @Id
    String kid;

    @Enumerated(EnumType.STRING)
    KeyAlgorithm algorithm;

    KeyState state;
    byte[] publicKey;

    @Nullable
    byte[] privateSealed;

    @Nullable
    Long keyId;

    Instant createdAt;

    @Nullable
    Instant currentSince;

    @Nullable
    Instant signedUntil;

    @Nullable
    Instant endedAt;

    static SigningKey generate(KeyAlgorithm algorithm, Sealer sealer, Instant now) {
        var pair = algorithm.generate();
        var key = new SigningKey();
        key.kid = KeyAlgorithm.kid(pair.getPublic());
        key.algorithm = algorithm;
        key.state = KeyState.NEXT;
        key.publicKey = pair.getPublic().getEncoded();
        var text = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
        var sealed = sealer.seal(new Secret(text), TABLE.place(key.kid));
        key.privateSealed = sealed.ciphertext();
        key.keyId = sealed.keyId();
        key.createdAt = now;
        return key;
    }

    static List<SigningKey> newestFirst() {
        return list("order by createdAt desc, kid");
    }

    static List<SigningKey> verifying() {
        return list("state in ?1", List.of(KeyState.NEXT, KeyState.CURRENT, KeyState.RETIRING));
    }

    static Optional<SigningKey> in(KeyState state) {
        return find("state", state).firstResultOptional();
    }

    static Optional<SigningKey> locked(String kid) {
        return findByIdOptional(kid, LockModeType.PESSIMISTIC_WRITE);
    }

    /** All that it signed has expired; it signs no more. */
    static List<SigningKey> spent(Instant now) {
        return list("state = ?1 and signedUntil < ?2", KeyState.RETIRING, now.minus(TOLERANCE));
    }

    /** Remembers that a token which it signs will live that long. */
    void willHaveSignedUntil(Instant expiresAt) {
        if (signedUntil == null || signedUntil.isBefore(expiresAt)) {
            update(
                    "signedUntil = ?1 where kid = ?2 and (signedUntil is null or signedUntil < ?1)",
                    expiresAt.plus(RUNS_AHEAD),
                    kid);
        }
    }

    void become(KeyState next, Instant now) {
        state = next;
        switch (next) {
            case NEXT -> throw new IllegalArgumentException("A key is next when it is made");
            case CURRENT -> currentSince = now;
            case RETIRING -> {
                forgetPrivateHalf();
                signedUntil = signedUntil == null || signedUntil.isBefore(now) ? now : signedUntil;
            }
            case RETIRED, WITHDRAWN -> {
                forgetPrivateHalf();
                endedAt = now;
            }
        }
    }

    PrivateKey privateKey(Sealer sealer) {
        var sealed = new Sealed(Objects.requireNonNull(privateSealed), Objects.requireNonNull(keyId));
        return algorithm.privateKey(
                Base64.getDecoder().decode(sealer.open(sealed, TABLE.place(kid)).reveal()));
    }

    private void forgetPrivateHalf() {
        privateSealed = null;
        keyId = null;
    }
}
