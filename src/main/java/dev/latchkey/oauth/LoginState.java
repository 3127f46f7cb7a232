package dev.latchkey.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.Place;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.crypto.UnreadableSealException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * What goes to a provider and comes back with its answer: sealed, so that nobody makes or reads one, and nothing is stored for a login that never
 * comes back.
 */
@Singleton
class LoginState {

    /**
     * @param client whose login it is
     * @param verifier of PKCE (RFC 7636)
     * @param browser the digest of what only that browser has
     * @param expiresAt in seconds
     */
    // Read and written as JSON here alone, where a native image does not see it.
    @RegisterForReflection
    record Login(UUID client, String verifier, String browser, long expiresAt) {}

    private static final Place PLACE = new Place("oauth_logins", "state", "");
    private static final int VERIFIER_BYTES = 32;
    private static final int LONGEST = 2000;

    private final Sealer sealer;
    private final ObjectMapper json;

    LoginState(Sealer sealer, ObjectMapper json) {
        this.sealer = sealer;
        this.json = json;
    }

    static Login begin(UUID client, String browser, Instant expiresAt) {
        return new Login(client, RandomText.base64Url(VERIFIER_BYTES), digest(browser), expiresAt.getEpochSecond());
    }

    /** @param browser what a browser sent; anything if it sent nothing */
    static boolean isOf(Login login, String browser) {
        return Digests.sameSecret(login.browser(), digest(browser));
    }

    /** The {@code S256} challenge of a verifier (RFC 7636, section 4.2). */
    static String digest(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Digests.sha256(text));
    }

    String seal(Login login) {
        try {
            var sealed = sealer.seal(new Secret(json.writeValueAsString(login)), PLACE);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.ciphertext());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A login is JSON", e);
        }
    }

    /** Empty if it was not made here, or was changed. */
    Optional<Login> open(String state) {
        try {
            if (state.length() > LONGEST) {
                return Optional.empty();
            }
            var sealed = new Sealed(Base64.getUrlDecoder().decode(state), 0);
            return Optional.of(json.readValue(sealer.open(sealed, PLACE).reveal(), Login.class));
        } catch (IllegalArgumentException | UnreadableSealException | JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
