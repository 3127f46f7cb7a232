package dev.latchkey.token;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.PlatformSecrets;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.crypto.Secret;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The text of a token: {@code lk_<env>_}, 30 random base62 characters (178 bits), and a checksum of 6: HMAC-SHA-256 of what
 * stands before it, truncated. Only this installation can make a checksum that fits.
 */
@Singleton
class TokenText {

    static final String PREFIX = "lk_";
    static final int SHOWN = 12;

    private static final int LENGTH = 44;
    private static final int BODY_BEGINS = 8;
    private static final int RANDOM_LENGTH = 30;
    private static final int CHECKSUM_LENGTH = 6;

    private final PlatformSecrets secrets;
    private volatile Digests.@Nullable HmacKey key;

    TokenText(PlatformSecrets secrets) {
        this.secrets = secrets;
    }

    // Read at start and not at first use: a check runs on the event loop, where nothing may block.
    void readKey(@Observes StartupEvent event) {
        key = new Digests.HmacKey(secrets.get("token-checksum"));
    }

    Secret make(Environment environment) {
        var body = PREFIX + environment.word() + "_" + RandomText.base62(RANDOM_LENGTH);
        return new Secret(body + checksum(body));
    }

    boolean isGenuine(String text) {
        if (!hasShape(text)) {
            return false;
        }
        var end = text.length() - CHECKSUM_LENGTH;
        return Digests.sameSecret(text.substring(end), checksum(text.substring(0, end)));
    }

    // By hand and not by a pattern: every garbage text that anybody sends is looked at here.
    private static boolean hasShape(String text) {
        if (text.length() != LENGTH || !text.startsWith("lk_live_") && !text.startsWith("lk_test_")) {
            return false;
        }
        for (var i = BODY_BEGINS; i < LENGTH; i++) {
            var character = text.charAt(i);
            if (character > 'z' || !Character.isLetterOrDigit(character)) {
                return false;
            }
        }
        return true;
    }

    private String checksum(String body) {
        var number = ByteBuffer.wrap(Objects.requireNonNull(key).sign(body)).getLong();
        var checksum = new StringBuilder(CHECKSUM_LENGTH);
        for (var i = 0; i < CHECKSUM_LENGTH; i++) {
            checksum.append(RandomText.BASE62.charAt((int) Long.remainderUnsigned(number, 62)));
            number = Long.divideUnsigned(number, 62);
        }
        return checksum.toString();
    }
}
