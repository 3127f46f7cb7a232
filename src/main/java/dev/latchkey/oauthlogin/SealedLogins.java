package dev.latchkey.oauthlogin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.crypto.Place;
import dev.latchkey.platform.crypto.Sealed;
import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.crypto.UnreadableSealException;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.Optional;

/** Logins as texts that nobody else makes or reads, so that nothing is stored for one that never comes back. */
@Singleton
class SealedLogins {

    private static final int LONGEST = 8000;

    private final Sealer sealer;
    private final ObjectMapper json;

    SealedLogins(Sealer sealer, ObjectMapper json) {
        this.sealer = sealer;
        this.json = json;
    }

    String seal(Object login) {
        try {
            var sealed = sealer.seal(new Secret(json.writeValueAsString(login)), place(login.getClass()));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.ciphertext());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A login is JSON", e);
        }
    }

    /** Empty if it was not made here, is of another kind, or was changed. The same login may come as several texts. */
    <T> Optional<T> open(String text, Class<T> kind) {
        try {
            if (text.length() > LONGEST) {
                return Optional.empty();
            }
            var sealed = new Sealed(Base64.getUrlDecoder().decode(text), 0);
            return Optional.of(json.readValue(sealer.open(sealed, place(kind)).reveal(), kind));
        } catch (IllegalArgumentException | UnreadableSealException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Place place(Class<?> kind) {
        return new Place("oauth_logins", kind.getSimpleName(), "");
    }
}
