package dev.latchkey.signing;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newUser;
import static dev.latchkey.signing.JwtAttackTest.base64Url;
import static dev.latchkey.signing.JwtAttackTest.encode;
import static dev.latchkey.signing.JwtAttackTest.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.platform.cache.Invalidations;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Sealer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The confusions that RSA is known for, with a key of ours that is RSA: its public half as a shared secret, signatures and keys of other kinds. */
@QuarkusTest
class RsaAttackTest {

    private static final String PKCS1 = "SHA256withRSA";

    @Inject
    SigningKeys keys;

    @Inject
    Sealer sealer;

    @Inject
    Invalidations invalidations;

    private PrivateKey privateKey = KeyAlgorithm.RS256.generate().getPrivate();
    private String kid = "";
    private String payload = "";

    @BeforeEach
    void aKeyOfOursThatVerifies() {
        var now = Instant.now();
        QuarkusTransaction.requiringNew().run(() -> {
            var key = SigningKey.generate(KeyAlgorithm.RS256, sealer, now);
            key.currentSince = now;
            key.signedUntil = now.plus(Duration.ofDays(1));
            privateKey = key.privateKey(sealer);
            key.become(KeyState.RETIRING, now);
            key.persist();
            invalidations.announce(SigningKeys.CACHE, SigningKeys.RING);
            kid = key.kid;
        });
        payload = text(newUser().accessToken().split("\\.")[1]);
    }

    @Test
    void whatItSignedWorks() throws GeneralSecurityException {
        assertEquals(200, status(signed("RS256", PKCS1, privateKey)));
    }

    @Test
    void thePublicKeyIsNoSharedSecret() {
        var publicKey = (RSAPublicKey) publicKey();
        var encoded = publicKey.getEncoded();
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----\n";
        for (var secret : List.of(
                encoded,
                Base64.getEncoder().encode(encoded),
                pem.getBytes(UTF_8),
                pem.strip().getBytes(UTF_8),
                publicKey.getModulus().toByteArray())) {
            var body = body("HS256");
            assertEquals(401, status(body + "." + base64Url(Digests.hmacSha256(secret, body))));
        }
    }

    @Test
    void anotherSignatureByOurOwnKeyIsNone() throws GeneralSecurityException {
        for (var other : Map.of(
                        "PS256",
                        "RSASSA-PSS",
                        "RS384",
                        "SHA384withRSA",
                        "RS512",
                        "SHA512withRSA",
                        "none",
                        PKCS1,
                        "rs256",
                        PKCS1,
                        "ES256",
                        PKCS1)
                .entrySet()) {
            assertEquals(401, status(signed(other.getKey(), other.getValue(), privateKey)), other.getKey());
            assertEquals(401, status(body(other.getKey()) + "."), other.getKey());
        }
        assertEquals(401, status(signed("RS256", "SHA512withRSA", privateKey)));
        assertEquals(401, status(signed("RS256", "RSASSA-PSS", privateKey)));
    }

    @Test
    void aKeyOfAnotherKindOrAnotherOwnerSignsNothingUnderOurKid() throws GeneralSecurityException {
        var curve = KeyAlgorithm.ES256.generate().getPrivate();
        var thief = KeyAlgorithm.RS256.generate().getPrivate();
        for (var algorithm : List.of("RS256", "ES256")) {
            assertEquals(401, status(signed(algorithm, "SHA256withECDSAinP1363Format", curve)));
            assertEquals(401, status(signed(algorithm, PKCS1, thief)));
        }
    }

    private static int status(String token) {
        return as(token).get("/api/auth/me").statusCode();
    }

    private String body(String algorithm) {
        return encode("{\"typ\":\"at+jwt\",\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}") + "."
                + encode(payload);
    }

    private String signed(String algorithm, String with, PrivateKey key) throws GeneralSecurityException {
        var body = body(algorithm);
        var signature = Signature.getInstance(with);
        if (with.equals("RSASSA-PSS")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.initSign(key);
        signature.update(body.getBytes(UTF_8));
        return body + "." + base64Url(signature.sign());
    }

    private PublicKey publicKey() {
        return keys.ring().await().indefinitely().verifier(kid).orElseThrow().key();
    }
}
