package dev.latchkey.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.form.FormBody;
import dev.latchkey.platform.id.Uuid7;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.inject.Singleton;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Proves to a provider who is asking. */
@Singleton
public class ClientProof {

    private static final Duration ASSERTION_LIFE = Duration.ofMinutes(1);
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final String PS256 = "PS256";
    private static final String P_256 = "P-256";

    private record Key(
            PrivateKey key, PublicKey publicKey, @Nullable String id, SignatureAlgorithm algorithm) {}

    private final Clock clock;

    ClientProof(Clock clock) {
        this.clock = clock;
    }

    /** Why the secret does not do for that way; empty if it does. */
    public Optional<String> fault(ClientAuthentication authentication, Secret secret) {
        if (authentication != ClientAuthentication.PRIVATE_KEY_JWT) {
            return jwk(secret).isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "is a private key, which is never sent; client_authentication must be private_key_jwt");
        }
        return key(secret).filter(this::works).isPresent()
                ? Optional.empty()
                : Optional.of("must be a private key as a JWK, for RSA (2048 bits or more) or P-256");
    }

    /** Adds the proof to the form; the headers that go with it are returned. */
    Map<String, String> add(FormBody form, Provider provider, ClientIdentity client, int secret) {
        if (client.secrets().isEmpty()) {
            form.with("client_id", client.clientId());
            return Map.of();
        }
        var proof = client.secrets().get(secret);
        return switch (client.authentication().orElse(provider.clientAuthentication())) {
            case CLIENT_SECRET_BASIC -> {
                // Encoded before they are joined (RFC 6749, section 2.3.1).
                var pair = FormBody.encode(client.clientId()) + ":" + FormBody.encode(proof.reveal());
                yield Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
            }
            case CLIENT_SECRET_POST -> {
                form.with("client_id", client.clientId()).with("client_secret", proof.reveal());
                yield Map.of();
            }
            case PRIVATE_KEY_JWT -> {
                form.with("client_id", client.clientId())
                        .with("client_assertion_type", ASSERTION_TYPE)
                        .with("client_assertion", assertion(provider, client.clientId(), proof));
                yield Map.of();
            }
        };
    }

    // RFC 7523, section 3.
    private String assertion(Provider provider, String clientId, Secret secret) {
        var key = key(secret).orElseThrow(() -> new IllegalStateException("A stored key cannot be read"));
        return assertion(
                key, provider.issuer().orElse(provider.endpoints().token().toString()), clientId);
    }

    private String assertion(Key key, String audience, String clientId) {
        var now = clock.instant();
        var jws = Jwt.claims()
                .issuer(clientId)
                .subject(clientId)
                .audience(audience)
                .claim("jti", Uuid7.next().toString())
                .issuedAt(now)
                .expiresAt(now.plus(ASSERTION_LIFE))
                .jws()
                .algorithm(key.algorithm());
        return (key.id() == null ? jws : jws.keyId(key.id())).sign(key.key());
    }

    // Weak keys, and halves that are of two keys, show when something is signed.
    private boolean works(Key key) {
        try {
            var trial = new JsonWebSignature();
            trial.setCompactSerialization(assertion(key, "nobody", "trial"));
            trial.setKey(key.publicKey());
            return trial.verifySignature();
        } catch (JoseException | RuntimeException e) {
            return false;
        }
    }

    private static Optional<Key> key(Secret secret) {
        return jwk(secret).flatMap(jwk -> algorithm(jwk)
                .map(algorithm -> new Key(jwk.getPrivateKey(), jwk.getPublicKey(), jwk.getKeyId(), algorithm)));
    }

    private static Optional<SignatureAlgorithm> algorithm(PublicJsonWebKey jwk) {
        return switch (jwk) {
            case RsaJsonWebKey rsa ->
                Optional.of(PS256.equals(rsa.getAlgorithm()) ? SignatureAlgorithm.PS256 : SignatureAlgorithm.RS256);
            case EllipticCurveJsonWebKey curve
            when P_256.equals(curve.getCurveName()) -> Optional.of(SignatureAlgorithm.ES256);
            default -> Optional.empty();
        };
    }

    /** Empty if it is no private key. */
    private static Optional<PublicJsonWebKey> jwk(Secret secret) {
        try {
            return Optional.of(PublicJsonWebKey.Factory.newPublicJwk(secret.reveal()))
                    .filter(jwk -> jwk.getPrivateKey() != null);
        } catch (JoseException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
