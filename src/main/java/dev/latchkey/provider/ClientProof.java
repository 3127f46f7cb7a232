package dev.latchkey.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.platform.problem.Problem;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.inject.Singleton;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Proves to a provider who is asking. */
@Singleton
public class ClientProof {

    private static final Duration ASSERTION_LIFE = Duration.ofMinutes(1);
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private record Key(PrivateKey key, @Nullable String id, SignatureAlgorithm algorithm) {}

    private final Clock clock;

    ClientProof(Clock clock) {
        this.clock = clock;
    }

    /** @throws Problem {@code validation_failed} if it is no secret for this provider */
    public void check(Provider provider, Secret secret) {
        if (provider.clientAuthentication() == ClientAuthentication.PRIVATE_KEY_JWT
                && key(secret).isEmpty()) {
            throw Problem.invalidField("client_secret", "must be a private key as a JWK, for RSA or P-256");
        }
    }

    /** Adds the proof to the form; the headers that go with it are returned. */
    Map<String, String> add(FormBody form, Provider provider, ClientIdentity client, int secret) {
        if (client.secrets().isEmpty()) {
            form.with("client_id", client.clientId());
            return Map.of();
        }
        var proof = client.secrets().get(secret);
        return switch (provider.clientAuthentication()) {
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
        var now = clock.instant();
        var jws = Jwt.claims()
                .issuer(clientId)
                .subject(clientId)
                .audience(provider.issuer().orElse(provider.endpoints().token().toString()))
                .claim("jti", Uuid7.next().toString())
                .issuedAt(now)
                .expiresAt(now.plus(ASSERTION_LIFE))
                .jws()
                .algorithm(key.algorithm());
        return (key.id() == null ? jws : jws.keyId(key.id())).sign(key.key());
    }

    private static Optional<Key> key(Secret secret) {
        try {
            var jwk = PublicJsonWebKey.Factory.newPublicJwk(secret.reveal());
            var algorithm = "EC".equals(jwk.getKeyType()) ? SignatureAlgorithm.ES256 : SignatureAlgorithm.RS256;
            return Optional.ofNullable(jwk.getPrivateKey()).map(key -> new Key(key, jwk.getKeyId(), algorithm));
        } catch (JoseException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
