package dev.latchkey.botimport;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.macasaet.fernet.Key;
import com.macasaet.fernet.Token;
import com.macasaet.fernet.TokenValidationException;
import com.macasaet.fernet.Validator;
import dev.latchkey.platform.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAmount;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Opens Fernet tokens, however old they are, by the first of its keys that fits. */
final class Fernet {

    /** As of the time at which the token says that it was made: that is never too late, nor too early. */
    private record AnyTime(Instant made) implements Validator<byte[]> {

        // With none at all a token would be too late as soon as it is made.
        private static final Duration A_MOMENT = Duration.ofSeconds(1);

        @Override
        public Clock getClock() {
            return Clock.fixed(made, ZoneOffset.UTC);
        }

        @Override
        public TemporalAmount getTimeToLive() {
            return A_MOMENT;
        }

        @Override
        public TemporalAmount getMaxClockSkew() {
            return A_MOMENT;
        }

        @Override
        public Function<byte[], byte[]> getTransformer() {
            return Function.identity();
        }
    }

    private static final int KEY_BYTES = 32;

    private final List<Key> keys;

    private Fernet(List<Key> keys) {
        this.keys = keys;
    }

    /** @throws Problem {@code bot_encryption_key_needed} if there are none, or one of them is no key */
    static Fernet of(List<String> keys) {
        if (keys.isEmpty()) {
            throw needed(
                    "Set BOT_ENCRYPTION_KEY to the key with which the other service sealed its columns, for as long as bots are imported");
        }
        return new Fernet(keys.stream().map(Fernet::key).toList());
    }

    // The library would fill up a short key with zeroes.
    private static Key key(String text) {
        try {
            var bytes = Base64.getUrlDecoder().decode(text.strip());
            if (bytes.length == KEY_BYTES) {
                return new Key(bytes);
            }
        } catch (IllegalArgumentException e) {
            // As one of another length.
        }
        throw needed("BOT_ENCRYPTION_KEY must be a key of 32 bytes in base64url, or several with commas between them");
    }

    private static Problem needed(String detail) {
        return new Problem(BotImportProblem.BOT_ENCRYPTION_KEY_NEEDED, detail);
    }

    /** Empty if none of the keys made the token, or it holds no text. */
    Optional<String> open(String text) {
        try {
            var token = Token.fromString(text);
            var bytes = token.validateAndDecrypt(keys, new AnyTime(token.getTimestamp()));
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException | DateTimeException | TokenValidationException | CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
