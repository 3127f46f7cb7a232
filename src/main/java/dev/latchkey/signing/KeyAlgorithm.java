package dev.latchkey.signing;

import dev.latchkey.platform.crypto.Digests;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What our keys are made for (RFC 7518, section 3.1): making and reading them, and their JWK form (section 6). A key serves one algorithm only. */
enum KeyAlgorithm {
    /** P-256: short signatures, quickly made. */
    ES256("EC", 256, SignatureAlgorithm.ES256) {
        @Override
        void describe(PublicKey key, Map<String, Object> jwk) {
            var point = ((ECPublicKey) key).getW();
            jwk.put("crv", "P-256");
            jwk.put("x", base64Url(fixed(point.getAffineX(), COORDINATE_BYTES)));
            jwk.put("y", base64Url(fixed(point.getAffineY(), COORDINATE_BYTES)));
        }
    },
    /** RSA of 2048 bits: long signatures, quickly checked; what every library understands. */
    RS256("RSA", 2048, SignatureAlgorithm.RS256) {
        @Override
        void describe(PublicKey key, Map<String, Object> jwk) {
            var rsa = (RSAPublicKey) key;
            jwk.put("n", base64Url(unsigned(rsa.getModulus())));
            jwk.put("e", base64Url(unsigned(rsa.getPublicExponent())));
        }
    };

    private static final int COORDINATE_BYTES = 32;

    private final String keyType;
    private final int bits;
    private final SignatureAlgorithm jws;

    KeyAlgorithm(String keyType, int bits, SignatureAlgorithm jws) {
        this.keyType = keyType;
        this.bits = bits;
        this.jws = jws;
    }

    /** Adds what is particular to the kind of key. */
    abstract void describe(PublicKey key, Map<String, Object> jwk);

    SignatureAlgorithm jws() {
        return jws;
    }

    KeyPair generate() {
        try {
            var generator = KeyPairGenerator.getInstance(keyType);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK makes keys for " + this, e);
        }
    }

    PublicKey publicKey(byte[] encoded) {
        try {
            return KeyFactory.getInstance(keyType).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A stored public key cannot be read", e);
        }
    }

    PrivateKey privateKey(byte[] encoded) {
        try {
            return KeyFactory.getInstance(keyType).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            // The cause may show key material.
            throw new IllegalStateException("A stored private key cannot be read");
        }
    }

    Map<String, Object> jwk(String kid, PublicKey key) {
        var jwk = new LinkedHashMap<String, Object>();
        jwk.put("kty", keyType);
        jwk.put("kid", kid);
        jwk.put("use", "sig");
        jwk.put("alg", name());
        describe(key, jwk);
        return jwk;
    }

    /** The first 16 bytes of the digest of the public key: the same key has the same id everywhere. */
    static String kid(PublicKey key) {
        return base64Url(Arrays.copyOf(Digests.sha256(key.getEncoded()), 16));
    }

    private static byte[] unsigned(BigInteger value) {
        return fixed(value, (value.bitLength() + 7) / 8);
    }

    private static byte[] fixed(BigInteger value, int length) {
        var bytes = value.toByteArray();
        var fixed = new byte[length];
        var kept = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - kept, fixed, length - kept, kept);
        return fixed;
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
