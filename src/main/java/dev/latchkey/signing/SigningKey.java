package dev.latchkey.signing;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/** A row of {@code signing_keys}. */
@Entity
@Table(name = "signing_keys")
class SigningKey extends PanacheEntityBase {

    @Id
    String kid;

    String algorithm;
    String state;
    byte[] publicKey;
    byte[] privateSealed;
    long keyId;
    Instant createdAt;

    /** All keys that may still verify. */
    static List<SigningKey> usable() {
        return list("state <> 'withdrawn' order by createdAt desc");
    }

    boolean isCurrent() {
        return "current".equals(state);
    }
}
