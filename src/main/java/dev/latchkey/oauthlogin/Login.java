package dev.latchkey.oauthlogin;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.RandomText;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * A login that is under way. It goes to the provider and comes back, sealed.
 *
 * @param client whose login it is
 * @param verifier of PKCE (RFC 7636); no two logins have the same
 * @param browser the digest of what only that browser has
 * @param expiresAt in seconds
 */
// Read and written as JSON by what seals it alone, where a native image does not see it.
@RegisterForReflection
record Login(UUID client, String verifier, String browser, long expiresAt) {

    private static final int VERIFIER_BYTES = 32;

    static Login begin(UUID client, String browser, Instant expiresAt) {
        return new Login(client, RandomText.base64Url(VERIFIER_BYTES), digest(browser), expiresAt.getEpochSecond());
    }

    /** @param other what a browser sent; anything if it sent nothing */
    boolean isOf(String other) {
        return Digests.sameSecret(browser, digest(other));
    }

    boolean isOver(Instant now) {
        return !now.isBefore(Instant.ofEpochSecond(expiresAt));
    }

    /** The {@code S256} challenge of the verifier (RFC 7636, section 4.2). */
    String challenge() {
        return digest(verifier);
    }

    private static String digest(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Digests.sha256(text));
    }

    @Override
    public String toString() {
        return "Login[client=" + client + "]";
    }
}
