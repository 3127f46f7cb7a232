package dev.latchkey.signing;

import dev.latchkey.audit.AuditEntry;
import dev.latchkey.audit.AuditLog;
import dev.latchkey.platform.crypto.Place;
import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps the key ring: makes the first key, and reads what other replicas changed. */
@ApplicationScoped
class SigningKeys {

    private final EntityManager database;
    private final Sealer sealer;
    private final AuditLog audit;
    private final Clock clock;
    private volatile @Nullable KeyRing ring;

    SigningKeys(EntityManager database, Sealer sealer, AuditLog audit, Clock clock) {
        this.database = database;
        this.sealer = sealer;
        this.audit = audit;
        this.clock = clock;
    }

    KeyRing ring() {
        return Objects.requireNonNull(ring);
    }

    List<Map<String, Object>> jwks() {
        return ring().verifiers().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> EcKeys.jwk(entry.getKey(), entry.getValue()))
                .toList();
    }

    // At start and not at first use: a token is checked on the event loop, where nothing may block.
    void start(@Observes StartupEvent event) {
        load();
    }

    @Scheduled(every = "30s", delayed = "30s")
    void refresh() {
        load();
    }

    private synchronized void load() {
        var keys = QuarkusTransaction.requiringNew().call(() -> {
            var usable = SigningKey.usable();
            return usable.stream().anyMatch(SigningKey::isCurrent) ? usable : makeFirst();
        });
        var current = keys.stream().filter(SigningKey::isCurrent).findFirst().orElseThrow();
        ring = new KeyRing(
                current.kid,
                EcKeys.privateKey(open(current)),
                keys.stream().collect(Collectors.toMap(key -> key.kid, key -> EcKeys.publicKey(key.publicKey))));
    }

    private List<SigningKey> makeFirst() {
        var pair = EcKeys.generate();
        var kid = EcKeys.kid((ECPublicKey) pair.getPublic());
        var sealed = sealer.seal(
                new Secret(Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())), place(kid));
        var made = database.createNativeQuery("""
                        insert into signing_keys (kid, algorithm, state, public_key, private_sealed, key_id, created_at)
                        values (?1, 'ES256', 'current', ?2, ?3, ?4, ?5) on conflict do nothing""")
                .setParameter(1, kid)
                .setParameter(2, pair.getPublic().getEncoded())
                .setParameter(3, sealed.ciphertext())
                .setParameter(4, sealed.keyId())
                .setParameter(5, clock.instant())
                .executeUpdate();
        if (made == 1) {
            audit.record(AuditEntry.of(null, "signing_key.created", "signing_key", kid));
        }
        return SigningKey.usable();
    }

    private byte[] open(SigningKey key) {
        var opened = sealer.open(new Sealed(key.privateSealed, key.keyId), place(key.kid));
        return Base64.getDecoder().decode(opened.reveal());
    }

    private static Place place(String kid) {
        return new Place("signing_keys", "private_sealed", kid);
    }
}
