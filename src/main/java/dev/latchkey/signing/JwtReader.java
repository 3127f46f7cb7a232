package dev.latchkey.signing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.latchkey.platform.crypto.Digests;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Verifies JWTs of one type, and remembers what a valid one said: checking a signature costs more than all the rest. What is remembered
 * counts only while the key that signed it verifies.
 */
public final class JwtReader<T> {

    private static final int MOST_REMEMBERED = 50_000;
    // There is one for each key that signs.
    private static final int MOST_HEADERS = 1000;
    private static final int LONGEST_HEADER = 300;

    private final Jwts jwts;
    private final SigningKeys keys;
    private final Clock clock;
    private final String type;
    private final Function<JsonWebToken, Optional<T>> read;
    // For as long as the token lives: whoever keeps one is not asked to pay for its signature again.
    private final Cache<String, JwtVerification.Valid<T>> remembered = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfter(Expiry.creating((String digest, JwtVerification.Valid<T> valid) -> life(valid)))
            .build();

    private final Cache<String, Boolean> headers =
            Caffeine.newBuilder().maximumSize(MOST_HEADERS).build();

    JwtReader(Jwts jwts, SigningKeys keys, Clock clock, String type, Function<JsonWebToken, Optional<T>> read) {
        this.jwts = jwts;
        this.keys = keys;
        this.clock = clock;
        this.type = type;
        this.read = read;
    }

    /** Whether the text has the shape of a JWS, and its header says that it is of this type; nothing is checked. */
    public boolean recognises(String text) {
        if (!text.startsWith("eyJ")) {
            return false;
        }
        var end = text.indexOf('.');
        return end > 0
                && end <= LONGEST_HEADER
                && headers.get(text.substring(0, end), header -> jwts.isOfType(header, type))
                && Jwts.looksLikeJwt(text);
    }

    /** Whether its signature was checked a moment ago, so that to verify it again costs nothing. */
    public boolean remembers(String text) {
        return remembered.getIfPresent(digest(text)) != null;
    }

    /** Never fails for what the text is; fails if the keys cannot be read. */
    public Uni<JwtVerification<T>> verify(String text) {
        return keys.ring().chain(ring -> verify(text, ring));
    }

    /** As {@link #verify}, at once and remembering nothing. Blocking. */
    public JwtVerification<T> check(String text) {
        return jwts.verify(text, type, keys.ringNow(), read);
    }

    private Uni<JwtVerification<T>> verify(String text, KeyRing ring) {
        var digest = digest(text);
        var known = remembered.getIfPresent(digest);
        if (known != null && ring.has(known.kid())) {
            return Uni.createFrom().item(unlessExpired(known));
        }
        // A signature takes a fraction of a millisecond to check: not on the event loop, which others wait for.
        return Uni.createFrom()
                .item(() -> jwts.verify(text, type, ring, read))
                .invoke(verification -> remember(digest, verification))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Duration life(JwtVerification.Valid<T> valid) {
        var life = Duration.between(clock.instant(), valid.expiresAt());
        return life.isNegative() ? Duration.ZERO : life;
    }

    private static String digest(String text) {
        return Base64.getEncoder().encodeToString(Digests.sha256(text));
    }

    private void remember(String digest, JwtVerification<T> verification) {
        if (verification instanceof JwtVerification.Valid<T> valid) {
            remembered.put(digest, valid);
        }
    }

    private JwtVerification<T> unlessExpired(JwtVerification.Valid<T> known) {
        return clock.instant().isBefore(known.expiresAt()) ? known : new JwtVerification.Expired<>();
    }
}
