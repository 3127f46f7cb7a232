package dev.latchkey.audit;

import com.google.crypto.tink.subtle.Ed25519Sign;
import com.google.crypto.tink.subtle.Ed25519Verify;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.PlatformSecrets;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The two secrets of the audit log: one hashes the rows, so that who can write to the tables cannot hash what they changed; the other one signs
 * checkpoints (Ed25519, RFC 8032), so that whoever keeps one can check it without us. Both are sealed by the operator's keyset.
 */
@ApplicationScoped
class ChainKeys {

    // SubjectPublicKeyInfo of Ed25519 (RFC 8410) up to the 32 bytes of the key.
    private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

    private record Loaded(byte[] hashKey, Ed25519Sign signer, byte[] publicKey, String kid) {}

    private final PlatformSecrets secrets;
    private volatile @Nullable Loaded loaded;

    ChainKeys(PlatformSecrets secrets) {
        this.secrets = secrets;
    }

    /** Reads the keys, in a transaction of its own, unless they are known. A commit that is under way can begin none. */
    void load() {
        keys();
    }

    /** 32 bytes. */
    byte[] hash(byte[] bytes) {
        return Digests.hmacSha256(keys().hashKey, bytes);
    }

    /** 64 bytes. */
    byte[] sign(byte[] bytes) {
        try {
            return keys().signer.sign(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 cannot sign", e);
        }
    }

    boolean isSigned(byte[] bytes, byte[] signature) {
        try {
            new Ed25519Verify(keys().publicKey).verify(signature, bytes);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** As base64 of a SubjectPublicKeyInfo: between the lines of a PEM file it is one. */
    String publicKey() {
        var bytes = Arrays.copyOf(SPKI, SPKI.length + Ed25519Verify.PUBLIC_KEY_LEN);
        System.arraycopy(keys().publicKey, 0, bytes, SPKI.length, Ed25519Verify.PUBLIC_KEY_LEN);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The first 16 bytes of the digest of the public key. */
    String kid() {
        return keys().kid;
    }

    private Loaded keys() {
        var known = loaded;
        if (known == null) {
            known = QuarkusTransaction.requiringNew().call(this::read);
            loaded = known;
        }
        return known;
    }

    private Loaded read() {
        try {
            var pair = Ed25519Sign.KeyPair.newKeyPairFromSeed(secrets.get("audit-checkpoint"));
            var kid = Arrays.copyOf(Digests.sha256(pair.getPublicKey()), 16);
            return new Loaded(
                    secrets.get("audit-chain"),
                    new Ed25519Sign(pair.getPrivateKey()),
                    pair.getPublicKey(),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(kid));
        } catch (GeneralSecurityException e) {
            // The cause may show key material.
            throw new IllegalStateException("The key of the audit log's checkpoints cannot be used");
        }
    }
}
