package dev.latchkey.apikey;

import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.signing.JwtReader;
import dev.latchkey.signing.JwtVerification;
import dev.latchkey.signing.Jwts;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The texts of keys: JWTs of the type {@code ak+jwt}, which tells them from all others that we sign (RFC 8725, section 3.11). */
@Singleton
class ApiKeyTexts {

    private static final String TYPE = "ak+jwt";
    private static final int RANDOM_BYTES = 8;

    private final Jwts jwts;
    private final JwtReader<UUID> reader;

    ApiKeyTexts(Jwts jwts) {
        this.jwts = jwts;
        this.reader = jwts.reader(TYPE, ApiKeyTexts::jti);
    }

    /** What holders know a key by: {@code <role>_<seconds since 1970>_<16 hexadecimal digits>}. */
    static String newKeyId(String role, long seconds) {
        var random = HexFormat.of().formatHex(RandomText.bytes(RANDOM_BYTES));
        return role + "_" + seconds + "_" + random;
    }

    /** Signs the key's text, and notes who signed it. In the caller's transaction. */
    Secret sign(ApiKey key) {
        var claims = Map.<String, Object>of(
                "sub", key.keyId, "role", key.role, "scopes", List.of(key.scopes), "jti", key.id.toString());
        var signed = jwts.sign(TYPE, claims, key.createdAt, key.expiresAt);
        key.kid = signed.kid();
        return new Secret(signed.text());
    }

    boolean recognises(String text) {
        return reader.recognises(text);
    }

    /** Whether it is one of ours, expired or not. Blocking: a fraction of a millisecond of work. */
    boolean isSigned(String text) {
        return switch (reader.check(text)) {
            case JwtVerification.Valid<UUID> valid -> true;
            case JwtVerification.Expired<UUID> expired -> true;
            case JwtVerification.Invalid<UUID> invalid -> false;
        };
    }

    // Made by this class each key has a jti, and nobody is its audience but whoever asks us.
    private static Optional<UUID> jti(JsonWebToken token) {
        try {
            return token.getAudience() == null
                    ? Optional.of(UUID.fromString(String.valueOf(token.getTokenID())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
