package dev.latchkey.oauthclient;

import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.SealedTable;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** A row of {@code oauth_client_secrets}. */
@Entity
@Table(name = "oauth_client_secrets")
@DynamicUpdate
class ClientSecret extends PanacheEntityBase {

    static final SealedTable TABLE = SealedTable.of("oauth_client_secrets", "id", "secret_sealed");

    @Id
    UUID id;

    UUID clientId;
    byte[] secretSealed;
    long keyId;
    Instant createdAt;

    static ClientSecret of(UUID clientId, Secret secret, Sealer sealer, Instant now) {
        var row = new ClientSecret();
        row.id = Uuid7.next();
        row.clientId = clientId;
        var sealed = sealer.seal(secret, TABLE.place(row.id));
        row.secretSealed = sealed.ciphertext();
        row.keyId = sealed.keyId();
        row.createdAt = now;
        return row;
    }

    /** In the order in which they are tried. */
    static List<ClientSecret> of(UUID clientId) {
        return list("clientId = ?1 order by id desc", clientId);
    }

    Secret open(Sealer sealer) {
        return sealer.open(new Sealed(secretSealed, keyId), TABLE.place(id));
    }
}
