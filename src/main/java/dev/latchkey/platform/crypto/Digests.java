package dev.latchkey.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104) over UTF-8 text, and comparison in constant time. */
public final class Digests {

    // Looked up once a thread: a verification needs two, and each would be a kilobyte.
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Digests::newSha256);

    private Digests() {}

    /** 32 bytes. */
    public static byte[] sha256(String text) {
        return sha256(text.getBytes(UTF_8));
    }

    /** 32 bytes. */
    public static byte[] sha256(byte[] bytes) {
        return SHA_256.get().digest(bytes);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** 32 bytes. */
    public static byte[] hmacSha256(byte[] key, String text) {
        return hmacSha256(key, text.getBytes(UTF_8));
    }

    /** 32 bytes. */
    public static byte[] hmacSha256(byte[] key, byte[] bytes) {
        return mac(key).doFinal(bytes);
    }

    /** Whether two texts are equal, in a time that depends on their lengths only. */
    public static boolean sameSecret(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HMAC-SHA-256", e);
        }
    }

    /** A key for HMAC-SHA-256 that is used very often: it is looked up and set once. Safe for use by several threads. */
    public static final class HmacKey {

        private final Mac prepared;

        public HmacKey(byte[] key) {
            prepared = mac(key);
        }

        /** 32 bytes, of the text in UTF-8. */
        public byte[] sign(String text) {
            try {
                return ((Mac) prepared.clone()).doFinal(text.getBytes(UTF_8));
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("The JDK's own HMAC can be cloned", e);
            }
        }
    }
}
