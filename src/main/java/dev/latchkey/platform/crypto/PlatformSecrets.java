package dev.latchkey.platform.crypto;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.Base64;

/** Secrets that the service makes for itself, once for all replicas, and keeps sealed. They outlive every change of the keyset. */
@ApplicationScoped
public class PlatformSecrets {

    private static final SealedTable TABLE = SealedTable.of("platform_secrets", "name", "sealed");

    private final EntityManager database;
    private final Sealer sealer;

    PlatformSecrets(EntityManager database, Sealer sealer) {
        this.database = database;
        this.sealer = sealer;
    }

    @Produces
    @Singleton
    static SealedTable sealedTable() {
        return TABLE;
    }

    /** The 32 random bytes of that name, made now if no replica made them before. */
    @Transactional
    public byte[] get(String name) {
        var place = TABLE.place(name);
        var fresh = sealer.seal(new Secret(Base64.getEncoder().encodeToString(RandomText.bytes(32))), place);
        database.createNativeQuery(
                        "insert into platform_secrets (name, sealed, key_id) values (?1, ?2, ?3) on conflict do nothing")
                .setParameter(1, name)
                .setParameter(2, fresh.ciphertext())
                .setParameter(3, fresh.keyId())
                .executeUpdate();
        var row = (Object[]) database.createNativeQuery("select sealed, key_id from platform_secrets where name = ?1")
                .setParameter(1, name)
                .getSingleResult();
        var stored = new Sealed((byte[]) row[0], ((Number) row[1]).longValue());
        return Base64.getDecoder().decode(sealer.open(stored, place).reveal());
    }
}
