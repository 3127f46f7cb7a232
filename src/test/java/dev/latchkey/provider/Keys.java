package dev.latchkey.provider;

import java.util.Map;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Keys by which a client proves itself. */
public final class Keys {

    private static final int RSA_BITS = 2048;

    private Keys() {}

    public static PublicJsonWebKey p256() {
        try {
            return named(EcJwkGenerator.generateJwk(EllipticCurves.P256));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static PublicJsonWebKey p384() {
        try {
            return named(EcJwkGenerator.generateJwk(EllipticCurves.P384));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public static PublicJsonWebKey rsa() {
        return rsa(RSA_BITS);
    }

    static PublicJsonWebKey rsa(int bits) {
        try {
            return named(RsaJwkGenerator.generateJwk(bits));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicJsonWebKey named(PublicJsonWebKey key) {
        key.setKeyId("a key");
        return key;
    }

    /** What Latchkey is told. */
    public static String secret(PublicJsonWebKey key) {
        return key.toJson(OutputControlLevel.INCLUDE_PRIVATE);
    }

    /** What the provider is told. */
    public static Map<String, Object> published(PublicJsonWebKey key) {
        return key.toParams(OutputControlLevel.PUBLIC_ONLY);
    }
}
