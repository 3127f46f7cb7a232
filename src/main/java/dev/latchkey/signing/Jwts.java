package dev.latchkey.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** Signs and verifies the JWTs of this service (RFC 7515, RFC 7519, RFC 8725). */
@ApplicationScoped
public class Jwts {

    // A signed token of ours has less than 1 KiB; what is longer is not worth parsing.
    private static final int LONGEST_TOKEN = 8192;

    private final SigningKeys keys;
    private final SigningConfig config;
    private final ObjectMapper json;
    private final Clock clock;
    private final Map<KeyAlgorithm, DefaultJWTParser> parsers = new EnumMap<>(KeyAlgorithm.class);

    Jwts(SigningKeys keys, SigningConfig config, ObjectMapper json, Clock clock) {
        this.keys = keys;
        this.config = config;
        this.json = json;
        this.clock = clock;
        for (var algorithm : KeyAlgorithm.values()) {
            parsers.put(algorithm, new DefaultJWTParser(rules(algorithm, config)));
        }
    }

    /** A compact JWS, and the key that signed it. Secret: whoever has the text is its bearer. */
    public record Signed(String text, String kid) {
        @Override
        public String toString() {
            return "Signed[by " + kid + "]";
        }
    }

    /**
     * Signs with the current key, in the caller's transaction.
     *
     * @param type the {@code typ} of its header, which tells one use from another (RFC 8725, section 3.11)
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public Signed sign(String type, Map<String, Object> claims, Instant issuedAt, Instant expiresAt) {
        var signer = keys.signer(expiresAt);
        var text = Jwt.claims(claims)
                .issuer(config.issuer())
                .issuedAt(issuedAt)
                .expiresAt(expiresAt)
                .jws()
                .type(type)
                .algorithm(signer.algorithm().jws())
                .keyId(signer.kid())
                .sign(signer.key());
        return new Signed(text, signer.kid());
    }

    /**
     * Verifies JWTs of that type. Make one, and keep it.
     *
     * @param read takes what is needed from a verified token; empty if it is not one that this feature made
     */
    public <T> JwtReader<T> reader(String type, Function<JsonWebToken, Optional<T>> read) {
        return new JwtReader<>(this, keys, clock, type, read);
    }

    /** Whether the text has the shape of a JWS; nothing is checked. */
    public static boolean looksLikeJwt(String text) {
        // Not by a stream: each call asks.
        var payload = text.indexOf('.') + 1;
        var signature = text.indexOf('.', payload) + 1;
        return text.startsWith("eyJ") && payload > 0 && signature > 0 && text.indexOf('.', signature) < 0;
    }

    /** Whether the first part of a JWS says so. */
    boolean isOfType(String header, String type) {
        return header(header)
                .filter(parts -> type.equals(parts.path("typ").asText()))
                .isPresent();
    }

    /** Checks that the token is of that type, signed by a key of the ring, of our issuer, and not expired. */
    <T> JwtVerification<T> verify(String text, String type, KeyRing ring, Function<JsonWebToken, Optional<T>> read) {
        if (text.length() > LONGEST_TOKEN || !looksLikeJwt(text)) {
            return new JwtVerification.Invalid<>();
        }
        return kid(text, type, ring)
                .map(known -> check(text, known, ring.verifier(known).orElseThrow(), read))
                .orElseGet(JwtVerification.Invalid::new);
    }

    private <T> JwtVerification<T> check(
            String text, String kid, KeyRing.Verifier verifier, Function<JsonWebToken, Optional<T>> read) {
        try {
            var parser = Objects.requireNonNull(parsers.get(verifier.algorithm()));
            var token = parser.verify(text, verifier.key());
            var expiresAt = Instant.ofEpochSecond(token.getExpirationTime());
            return read.apply(token)
                    .<JwtVerification<T>>map(claims -> new JwtVerification.Valid<>(kid, claims, expiresAt))
                    .orElseGet(JwtVerification.Invalid::new);
        } catch (ParseException e) {
            // The claims are looked at only after the signature: a forged token is never called expired.
            var expired = e.getCause() instanceof InvalidJwtException invalid && invalid.hasExpired();
            return expired ? new JwtVerification.Expired<>() : new JwtVerification.Invalid<>();
        }
    }

    // Read before the signature is checked: it only chooses among keys of ours, and the checked header is the same
    // text.
    private Optional<String> kid(String text, String type, KeyRing ring) {
        return header(text.substring(0, text.indexOf('.'))).flatMap(header -> {
            var kid = header.path("kid").asText();
            var algorithm =
                    ring.verifier(kid).map(verifier -> verifier.algorithm().name());
            var ours = algorithm.filter(header.path("alg").asText()::equals).isPresent()
                    && type.equals(header.path("typ").asText())
                    && !header.has("crit");
            return ours ? Optional.of(kid) : Optional.empty();
        });
    }

    private Optional<JsonNode> header(String encoded) {
        try {
            return Optional.of(json.readTree(Base64.getUrlDecoder().decode(encoded)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static JWTAuthContextInfo rules(KeyAlgorithm algorithm, SigningConfig config) {
        var rules = new JWTAuthContextInfo();
        rules.setSignatureAlgorithm(Set.of(algorithm.jws()));
        rules.setIssuedBy(config.issuer());
        rules.setClockSkew(0);
        rules.setExpGracePeriodSecs(0);
        return rules;
    }
}
