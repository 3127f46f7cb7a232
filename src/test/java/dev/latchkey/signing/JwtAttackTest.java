package dev.latchkey.signing;

import static dev.latchkey.api.Api.as;
import static dev.latchkey.api.Api.newUser;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api.Someone;
import dev.latchkey.platform.crypto.Digests;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Access tokens that were not issued here, or not as they are now (RFC 8725). Each is well-formed but for the one thing. */
@QuarkusTest
class JwtAttackTest {

    @Inject
    SigningKeys keys;

    @Test
    void theJwksVerifiesATokenWithTheJdkAlone() throws GeneralSecurityException {
        var parts = newUser().accessToken().split("\\.");
        var kid = text(parts[0]).replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");
        List<Map<String, String>> published = given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .header("Cache-Control", containsString("max-age=300"))
                .extract()
                .path("keys");
        var jwk = published.stream()
                .filter(key -> kid.equals(key.get("kid")))
                .findFirst()
                .orElseThrow();
        assertFalse(published.stream().anyMatch(key -> key.containsKey("d")), "a private key is published");
        var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(publicKey(jwk));
        verifier.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        assertTrue(verifier.verify(Base64.getUrlDecoder().decode(parts[2])));
    }

    @Test
    void anUnchangedTokenSignedHereWorks() throws GeneralSecurityException {
        var user = newUser();
        assertWorks(es256(header(), payload(user), signer().key()));
    }

    @Test
    void theAlgorithmIsOursToChoose() throws GeneralSecurityException {
        var user = newUser();
        for (var none : List.of("none", "None", "NONE", "nOnE", "")) {
            var header = header().replace("ES256", none);
            assertRefused(encode(header) + "." + encode(payload(user)) + ".");
            assertRefused(es256(header, payload(user), signer().key()));
        }
        var ourPublicKey = ourPublicKey();
        for (var secret : List.of(
                ourPublicKey.getEncoded(),
                Base64.getEncoder().encode(ourPublicKey.getEncoded()),
                pem(ourPublicKey).getBytes(UTF_8),
                new byte[] {0})) {
            var body = encode(header().replace("ES256", "HS256")) + "." + encode(payload(user));
            assertRefused(body + "." + base64Url(Digests.hmacSha256(secret, body)));
        }
        for (var other : List.of("ES384", "RS256", "PS256", "EdDSA", "ES256K", "es256")) {
            assertRefused(es256(header().replace("ES256", other), payload(user), signer().key()));
        }
    }

    @Test
    void onlyOurOwnKeysVerifyWhateverTheTokenNames() throws GeneralSecurityException {
        var user = newUser();
        var thief = KeyAlgorithm.ES256.generate();
        var jwk = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}";
        for (var header : List.of(
                header(),
                header().replace(signer().kid(), "unknown"),
                header().replace(signer().kid(), "../../../../dev/null"),
                header().replace(signer().kid(), "' or 1=1 --"),
                header().replace(signer().kid(), "https://thief.test/jwks.json"),
                header().replace("}", ",\"jwk\":" + jwk + "}"),
                header().replace("}", ",\"jku\":\"https://thief.test/jwks.json\"}"),
                header().replace("}", ",\"x5u\":\"https://thief.test/key.pem\"}"),
                "{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}",
                "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":null}",
                "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":5}",
                "[]",
                "null",
                "\"\"")) {
            assertRefused(es256(header, payload(user), thief.getPrivate()));
        }
    }

    @Test
    void aTokenOfAnotherTypeOrIssuerOrWithACriticalHeaderIsRefusedThoughSignedHere() throws GeneralSecurityException {
        var user = newUser();
        var signer = signer().key();
        for (var header : List.of(
                header().replace("at+jwt", "JWT"),
                header().replace("at+jwt", "key+jwt"),
                header().replace("\"typ\":\"at+jwt\",", ""),
                header().replace("}", ",\"crit\":[\"exp\"]}"))) {
            assertRefused(es256(header, payload(user), signer));
        }
        for (var payload : List.of(
                payload(user).replaceAll("\"iss\":\"[^\"]*\"", "\"iss\":\"https://thief.test\""),
                payload(user).replaceAll("\"iss\":\"[^\"]*\",?", ""),
                payload(user).replaceAll("\"exp\":\\d+,?", "").replace(",}", "}"),
                payload(user).replaceAll("\"exp\":\\d+", "\"exp\":\"never\""),
                payload(user).replaceAll("\"exp\":(\\d+)", "\"exp\":1,\"exp\":$1"),
                payload(user).replaceAll("\"iat\":\\d+", "\"iat\":9999999999"),
                payload(user).replaceAll("\"exp\":(\\d+)", "\"exp\":$1,\"nbf\":9999999999"),
                payload(user).replaceAll("\"sid\":\"[^\"]*\"", "\"sid\":\"none\""),
                payload(user).replaceAll("\"sid\":\"[^\"]*\",?", "").replace(",}", "}"),
                "{}",
                "[]",
                "null",
                "garbage")) {
            assertRefused(es256(header(), payload, signer));
        }
    }

    @Test
    void aTokenThatWasTamperedWithIsRefused() throws GeneralSecurityException {
        var user = newUser();
        var victim = newUser();
        var parts = user.accessToken().split("\\.");
        assertRefused(parts[0] + "." + victim.accessToken().split("\\.")[1] + "." + parts[2]);
        assertRefused(parts[0] + "." + encode(text(parts[1]).replace("\"exp\":1", "\"exp\":9")) + "." + parts[2]);
        assertRefused(parts[0] + "." + parts[1] + "." + base64Url(new byte[64]));
        assertRefused(parts[0] + "." + parts[1] + "." + base64Url(new byte[0]));
        assertRefused(parts[0] + "." + parts[1] + "." + parts[2].substring(0, 80));
        assertRefused(parts[0] + ".." + parts[2]);
        assertRefused(user.accessToken() + ".x");
    }

    @Test
    void anExpiredTokenIsCalledSoOnlyIfItWasOurs() throws GeneralSecurityException {
        var user = newUser();
        var expired = payload(user)
                .replaceAll("\"exp\":\\d+", "\"exp\":1700000000")
                .replaceAll("\"iat\":\\d+", "\"iat\":1699999000");
        as(es256(header(), expired, signer().key()))
                .get("/api/auth/me")
                .then()
                .statusCode(401)
                .body("code", equalTo("expired_token"));
        assertRefused(es256(header(), expired, KeyAlgorithm.ES256.generate().getPrivate()));
    }

    private String header() {
        return "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"" + signer().kid() + "\"}";
    }

    private static String payload(Someone user) {
        return text(user.accessToken().split("\\.")[1]);
    }

    private SigningKeys.Signer signer() {
        return QuarkusTransaction.requiringNew().call(() -> keys.signer(Instant.now()));
    }

    private PublicKey ourPublicKey() {
        var kid = signer().kid();
        return keys.ring().await().indefinitely().verifier(kid).orElseThrow().key();
    }

    private static void assertWorks(String token) {
        as(token).get("/api/auth/me").then().statusCode(200);
    }

    private static void assertRefused(String token) {
        var answer = as(token).get("/api/auth/me");
        assertEquals(401, answer.statusCode(), () -> token + " " + answer.asString());
        assertEquals("invalid_token", answer.path("code"), token);
    }

    static String es256(String header, String payload, PrivateKey key) throws GeneralSecurityException {
        var body = encode(header) + "." + encode(payload);
        var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(key);
        signer.update(body.getBytes(UTF_8));
        return body + "." + base64Url(signer.sign());
    }

    private static PublicKey publicKey(Map<String, String> jwk) throws GeneralSecurityException {
        assertEquals(
                "EC P-256 ES256 sig", String.join(" ", jwk.get("kty"), jwk.get("crv"), jwk.get("alg"), jwk.get("use")));
        var curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        var point = new ECPoint(coordinate(jwk.getOrDefault("x", "")), coordinate(jwk.getOrDefault("y", "")));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger coordinate(String text) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(text));
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    static String encode(String text) {
        return base64Url(text.getBytes(UTF_8));
    }

    static String text(String encoded) {
        return new String(Base64.getUrlDecoder().decode(encoded), UTF_8);
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
