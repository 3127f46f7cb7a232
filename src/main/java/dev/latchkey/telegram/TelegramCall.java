package dev.latchkey.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A method of the Bot API, and what goes with it. Its text form tells the method only: parameters may be secret.
 *
 * @param method 1 to 64 letters and digits, a letter first
 * @param contentType of the body; empty if there is none
 * @param body sent as it is; not to be changed afterwards
 * @param timeout from the call to the last byte of the answer; zero: as {@link TelegramConfig#timeout} has it
 */
public record TelegramCall(String method, String contentType, Buffer body, Duration timeout) {

    private static final Pattern METHOD = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");
    private static final Pattern CONTENT_TYPE = Pattern.compile("[\\x20-\\x7e]{0,256}");
    private static final ObjectMapper JSON = new ObjectMapper();

    public TelegramCall {
        if (!METHOD.matcher(method).matches()) {
            throw new IllegalArgumentException("No method of the Bot API has such a name");
        }
        if (!CONTENT_TYPE.matcher(contentType).matches()) {
            throw new IllegalArgumentException("No content type");
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("A timeout is not negative");
        }
    }

    /** Without parameters. */
    public static TelegramCall of(String method) {
        return new TelegramCall(method, "", Buffer.buffer(), Duration.ZERO);
    }

    /** @param parameters texts, numbers, booleans, and maps and lists of these */
    public static TelegramCall json(String method, Map<String, ?> parameters) {
        try {
            return new TelegramCall(
                    method, "application/json", Buffer.buffer(JSON.writeValueAsBytes(parameters)), Duration.ZERO);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Parameters that are no JSON", e);
        }
    }

    @Override
    public String toString() {
        return "TelegramCall[" + method + ", " + body.length() + " bytes]";
    }
}
