package dev.latchkey.token;

import dev.latchkey.platform.crypto.Digests;
import dev.latchkey.platform.crypto.PlatformSecrets;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.crypto.Secret;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a token: {@code lk_<env>_}, 30 random base62 characters (178 bits), and a checksum of 6: HMAC-SHA-256 of what
 * stands before it, truncated. Only this installation can make a checksum that fits.
 */
@ApplicationScoped
class TokenText {

    static final String PREFIX = "lk_";
    static final int SHOWN = 12;

    private static final Pattern SHAPE = Pattern.compile("lk_(live|test)_[0-9A-Za-z]{36}");
    private static final int RANDOM_LENGTH = 30;
    private static final int CHECKSUM_LENGTH = 6;

    private final PlatformSecrets secrets;
    private volatile byte @Nullable [] key;

    TokenText(PlatformSecrets secrets) {
        this.secrets = secrets;
    }

    // Read at start and not at first use: a check runs on the event loop, where nothing may block.
    void readKey(@Observes StartupEvent event) {
        key = secrets.get("token-checksum");
    }

    Secret make(Environment environment) {
        var body = PREFIX + environment.word() + "_" + RandomText.base62(RANDOM_LENGTH);
        return new Secret(body + checksum(body));
    }

    boolean isGenuine(String text) {
        if (!SHAPE.matcher(text).matches()) {
            return false;
        }
        var end = text.length() - CHECKSUM_LENGTH;
        return Digests.sameSecret(text.substring(end), checksum(text.substring(0, end)));
    }

    private String checksum(String body) {
        var mac = Digests.hmacSha256(Objects.requireNonNull(key), body);
        var number = ByteBuffer.wrap(mac).getLong();
        var checksum = new StringBuilder(CHECKSUM_LENGTH);
        for (var i = 0; i < CHECKSUM_LENGTH; i++) {
            checksum.append(RandomText.BASE62.charAt((int) Long.remainderUnsigned(number, 62)));
            number = Long.divideUnsigned(number, 62);
        }
        return checksum.toString();
    }
}
