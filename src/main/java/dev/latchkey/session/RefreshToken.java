package dev.latchkey.session;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.crypto.Secret;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A refresh token: 256 random bits, of which only the digest is kept. */
@Entity
@Table(name = "refresh_tokens")
class RefreshToken extends PanacheEntityBase {

    private static final String PREFIX = "lkr_";

    @Id
    byte[] digest;

    UUID sessionId;
    Instant createdAt;

    @Nullable
    Instant usedAt;

    /** Makes and stores a token of the session, and hands out its text. */
    static Secret issue(Session session, Instant now) {
        var text = PREFIX + RandomText.base64Url(32);
        var token = new RefreshToken();
        token.digest = Digests.sha256(text);
        token.sessionId = session.id;
        token.createdAt = now;
        token.persist();
        return new Secret(text);
    }

    static Optional<RefreshToken> find(Secret text) {
        return findByIdOptional(Digests.sha256(text.reveal()));
    }
}
