package dev.latchkey.signing;

import static dev.latchkey.api.Api.anonymous;
import static dev.latchkey.api.Api.as;
import static dev.latchkey.signing.JwtAttackTest.base64Url;
import static dev.latchkey.signing.JwtAttackTest.encode;
import static dev.latchkey.signing.JwtAttackTest.es256;
import static dev.latchkey.signing.JwtAttackTest.text;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.platform.crypto.Digests;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** API keys that were not issued here, or not as they are now. Even what our own key signed is none unless we issued that very text. */
@QuarkusTest
class ApiKeyAttackTest {

    @Inject
    SigningKeys keys;

    @Test
    void headersAreOursToWrite() throws GeneralSecurityException {
        var parts = newKey().split("\\.");
        var header = text(parts[0]);
        var kid = signer().kid();
        var thief = KeyAlgorithm.ES256.generate().getPrivate();
        for (var forged : List.of(
                header,
                header.replace("ES256", "none"),
                header.replace("ES256", "HS256"),
                header.replace("ES256", "RS256"),
                header.replace(kid, "unknown"),
                header.replace(kid, "../../../dev/null"),
                header.replace(kid, "https://thief.test/jwks.json"),
                header.replace("}", ",\"jwk\":{}}"),
                header.replace("}", ",\"crit\":[\"exp\"]}"),
                header.replace("{", "{\"typ\":\"at+jwt\","),
                header.replace("ak+jwt", "at+jwt"),
                header.replace("ak+jwt", "dk+jwt"))) {
            if (!forged.equals(header)) {
                assertRefused(encode(forged) + "." + parts[1] + "." + parts[2]);
            }
            assertRefused(encode(forged) + "." + parts[1] + ".");
            assertRefused(es256(forged, text(parts[1]), thief));
            assertRefused(es256(forged, text(parts[1]), signer().key()));
            var body = encode(forged) + "." + parts[1];
            var publicKey = keys.ring()
                    .await()
                    .indefinitely()
                    .verifier(kid)
                    .orElseThrow()
                    .key();
            assertRefused(body + "." + base64Url(Digests.hmacSha256(publicKey.getEncoded(), body)));
        }
    }

    @Test
    void claimsAreOursToMake() throws GeneralSecurityException {
        var parts = newKey().split("\\.");
        var claims = text(parts[1]);
        for (var forged : List.of(
                claims.replace("basic", "admin"),
                claims.replace("chat:read", "admin:write"),
                claims.replaceAll("\"iss\":\"[^\"]*\"", "\"iss\":\"https://thief.test\""),
                claims.replace("{", "{\"aud\":\"someone\","),
                claims.replace("{", "{\"nbf\":9999999999,"),
                claims.replaceAll("\"exp\":\\d+", "\"exp\":9999999999"),
                claims.replaceAll("\"exp\":\\d+", "\"exp\":1"),
                claims.replaceAll("\"iat\":\\d+", "\"iat\":9999999999"),
                claims.replace("{", "{\"role\":\"admin\","),
                claims.replaceAll("\"jti\":\"[^\"]*\"", "\"jti\":\"none\""),
                "{}",
                "[]",
                "null",
                "x".repeat(9000))) {
            assertRefused(parts[0] + "." + encode(forged) + "." + parts[2]);
            assertRefused(es256(text(parts[0]), forged, signer().key()));
        }
        assertRefused(parts[0] + "." + parts[1] + "." + base64Url(new byte[64]));
        assertRefused(parts[0] + ".." + parts[2]);
    }

    @Test
    void aKeyIsNoSessionAndASessionIsNoKey() {
        as(newKey()).get("/api/auth/me").then().statusCode(403);
        as(newKey()).get("/api/v1/users").then().statusCode(403);
        as(newKey()).get("/api/v1/tokens").then().statusCode(403);
    }

    private static String newKey() {
        return anonymous()
                .body(Map.of("name", "a key", "key_type", "basic"))
                .post("/api/auth/v2/register")
                .then()
                .statusCode(201)
                .extract()
                .path("api_key");
    }

    private SigningKeys.Signer signer() {
        return QuarkusTransaction.requiringNew().call(() -> keys.signer(Instant.now()));
    }

    private static void assertRefused(String text) {
        var answer = as(text).get("/api/auth/v2/validate");
        assertEquals(401, answer.statusCode(), () -> text + " " + answer.asString());
        anonymous()
                .body(Map.of("current_key", text.length() > 8192 ? "x" : text))
                .post("/api/auth/v2/refresh")
                .then()
                .statusCode(401)
                .body("code", equalTo("invalid_key"));
    }
}
