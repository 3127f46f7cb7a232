package dev.latchkey.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.form.FormBody;
import dev.latchkey.provider.Provider.Endpoints;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/** How a client proves itself: nothing that is secret by nature leaves, and what leaves is good for one minute and one provider. */
class ClientProofTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String ISSUER = "https://issuer.example.test";
    private static final String TOKEN_ENDPOINT = "https://api.example.test/token";
    private static final String CLIENT_ID = "my:client";

    private final ClientProof proof = new ClientProof(Clock.fixed(NOW, ZoneOffset.UTC));

    private static Provider provider(ClientAuthentication authentication, Optional<String> issuer) {
        return new Provider(
                "somebody",
                issuer,
                true,
                false,
                new Endpoints(
                        Optional.empty(),
                        URI.create(TOKEN_ENDPOINT),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                authentication,
                true,
                " ",
                List.of(),
                Map.of(),
                Optional.empty(),
                Set.of());
    }

    private Map<String, String> form(Provider provider, ClientIdentity client) {
        var form = new FormBody();
        assertEquals(Map.of(), proof.add(form, provider, client, 0));
        return Arrays.stream(form.encoded().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private static ClientIdentity client(PublicJsonWebKey key) {
        return new ClientIdentity(CLIENT_ID, List.of(new Secret(Keys.secret(key))));
    }

    private static JwtClaims claims(String assertion, PublicJsonWebKey key) throws InvalidJwtException, JoseException {
        var jws = new JsonWebSignature();
        jws.setCompactSerialization(assertion);
        jws.setKey(PublicJsonWebKey.Factory.newPublicJwk(key.toJson(OutputControlLevel.PUBLIC_ONLY))
                .getPublicKey());
        assertTrue(jws.verifySignature());
        return unverified().processToClaims(assertion);
    }

    private static JwtConsumer unverified() {
        return new JwtConsumerBuilder()
                .setSkipAllValidators()
                .setDisableRequireSignature()
                .setSkipSignatureVerification()
                .build();
    }

    @Test
    void eachAssertionIsOfThisClientForThisProviderForAMinuteAndNew() throws Exception {
        for (var key : List.of(Keys.p256(), Keys.rsa())) {
            var seen = new HashSet<String>();
            var assertions = new ArrayList<String>();
            for (var time = 0; time < 20; time++) {
                var form = form(provider(ClientAuthentication.PRIVATE_KEY_JWT, Optional.of(ISSUER)), client(key));
                assertEquals(Set.of("client_id", "client_assertion_type", "client_assertion"), form.keySet());
                assertEquals(CLIENT_ID, form.get("client_id"));
                assertEquals(
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form.get("client_assertion_type"));
                assertions.add(form.getOrDefault("client_assertion", ""));
            }
            for (var assertion : assertions) {
                var claims = claims(assertion, key);
                assertEquals(
                        Set.of("iss", "sub", "aud", "jti", "iat", "exp"),
                        claims.getClaimsMap().keySet());
                assertEquals(CLIENT_ID, claims.getIssuer());
                assertEquals(CLIENT_ID, claims.getSubject());
                assertEquals(List.of(ISSUER), claims.getAudience());
                assertEquals(NOW.getEpochSecond(), claims.getIssuedAt().getValue());
                assertEquals(
                        NOW.plusSeconds(60).getEpochSecond(),
                        claims.getExpirationTime().getValue());
                assertTrue(seen.add(claims.getJwtId()), "a jti came twice");
            }
        }
    }

    @Test
    void whereNoIssuerIsKnownTheTokenEndpointIsTheAudience() throws Exception {
        var key = Keys.p256();
        var form = form(provider(ClientAuthentication.PRIVATE_KEY_JWT, Optional.empty()), client(key));
        assertEquals(
                List.of(TOKEN_ENDPOINT),
                claims(form.getOrDefault("client_assertion", ""), key).getAudience());
    }

    @Test
    void theHeaderSaysWhichKeyAndHow() throws Exception {
        var p256 = Keys.p256();
        var rsa = Keys.rsa();
        var pss = Keys.rsa();
        pss.setAlgorithm("PS256");
        for (var one : Map.of("ES256", p256, "RS256", rsa, "PS256", pss).entrySet()) {
            var form =
                    form(provider(ClientAuthentication.PRIVATE_KEY_JWT, Optional.of(ISSUER)), client(one.getValue()));
            claims(form.getOrDefault("client_assertion", ""), one.getValue());
            var jws = new JsonWebSignature();
            jws.setCompactSerialization(form.getOrDefault("client_assertion", ""));
            assertEquals(one.getKey(), jws.getAlgorithmHeaderValue());
            assertEquals("a key", jws.getKeyIdHeaderValue());
        }
    }

    @Test
    void whatTheClientChoseGoesBeforeWhatTheProviderSays() {
        var provider = provider(ClientAuthentication.CLIENT_SECRET_BASIC, Optional.of(ISSUER));
        var secret = List.of(new Secret("s&cret"));
        assertEquals(
                Map.of("client_id", CLIENT_ID, "client_secret", "s&cret"),
                form(
                        provider,
                        new ClientIdentity(CLIENT_ID, secret, Optional.of(ClientAuthentication.CLIENT_SECRET_POST))));
        var headers = proof.add(
                new FormBody(),
                provider(ClientAuthentication.PRIVATE_KEY_JWT, Optional.of(ISSUER)),
                new ClientIdentity(CLIENT_ID, secret, Optional.of(ClientAuthentication.CLIENT_SECRET_BASIC)),
                0);
        assertTrue(headers.getOrDefault("Authorization", "").startsWith("Basic "));
        var key = List.of(new Secret(Keys.secret(Keys.p256())));
        assertTrue(form(provider, new ClientIdentity(CLIENT_ID, key, Optional.of(ClientAuthentication.PRIVATE_KEY_JWT)))
                .containsKey("client_assertion"));
    }

    @Test
    void aKeyThatCannotSignIsRefused() {
        var p256 = Keys.p256();
        var halves = Keys.published(Keys.p256());
        halves.put("d", p256.toParams(OutputControlLevel.INCLUDE_PRIVATE).get("d"));
        for (var bad : List.of(
                "",
                "a secret",
                "{}",
                "[]",
                "null",
                "{\"kty\":\"EC\"}",
                "{\"kty\":\"oct\",\"k\":\"c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0\"}",
                "{\"keys\":[" + Keys.secret(p256) + "]}",
                p256.toJson(OutputControlLevel.PUBLIC_ONLY),
                Keys.rsa().toJson(OutputControlLevel.PUBLIC_ONLY),
                Keys.secret(Keys.p384()),
                Keys.secret(Keys.rsa(1024)),
                org.jose4j.json.JsonUtil.toJson(halves),
                Keys.secret(p256).substring(1))) {
            assertEquals(
                    Optional.of("must be a private key as a JWK, for RSA (2048 bits or more) or P-256"),
                    proof.fault(ClientAuthentication.PRIVATE_KEY_JWT, new Secret(bad)),
                    bad);
        }
        for (var good : List.of(p256, Keys.rsa())) {
            assertEquals(
                    Optional.empty(), proof.fault(ClientAuthentication.PRIVATE_KEY_JWT, new Secret(Keys.secret(good))));
        }
    }

    @Test
    void aPrivateKeyIsNeverSentAsASecret() {
        for (var sends : List.of(ClientAuthentication.CLIENT_SECRET_BASIC, ClientAuthentication.CLIENT_SECRET_POST)) {
            for (var key : List.of(Keys.p256(), Keys.p384(), Keys.rsa())) {
                assertFalse(proof.fault(sends, new Secret(Keys.secret(key))).isEmpty());
            }
            for (var fine : List.of("a secret", "{}", " ", "{\"kty\":\"EC\"}", "5")) {
                assertEquals(Optional.empty(), proof.fault(sends, new Secret(fine)), fine);
            }
        }
    }

    @Test
    void aStoredKeyThatCannotBeReadIsNotSentInAnyForm() {
        var garbage = new ClientIdentity(CLIENT_ID, List.of(new Secret("garbage")));
        var provider = provider(ClientAuthentication.PRIVATE_KEY_JWT, Optional.empty());
        assertThrows(IllegalStateException.class, () -> proof.add(new FormBody(), provider, garbage, 0));
    }
}
