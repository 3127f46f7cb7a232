package dev.latchkey.botcall;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.JsonProblems;
import dev.latchkey.platform.problem.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What goes with a call, as it came.
 *
 * @param contentType empty if nothing goes with it
 * @param chat where it goes to, if it says that: a number, or {@code @} and a name in lower case
 * @param messages how many it stands for, if it sends any: those of an album, or of many that are copied; 1 to 100
 * @param longPollSeconds how long Telegram is asked to wait for something to tell; 0 if it is not
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on, never compared.
record CallBody(String contentType, byte[] bytes, Optional<String> chat, int messages, int longPollSeconds) {

    private static final String JSON = "application/json";
    private static final String CHAT = "chat_id";
    private static final String TIMEOUT = "timeout";
    private static final Set<String> MANY = Set.of("media", "message_ids");
    private static final Set<String> READ = Set.of(CHAT, "media", "message_ids");
    private static final Pattern CONTENT_TYPE = Pattern.compile("[\\x20-\\x7e]{1,256}");
    private static final Pattern NUMBER = Pattern.compile("-?[1-9][0-9]{0,18}");
    private static final Pattern NAME = Pattern.compile("@[A-Za-z0-9_]{1,64}");
    private static final int MOST_MESSAGES = 100;
    // Telegram waits no longer.
    private static final int LONGEST_POLL = 50;

    /**
     * @throws Problem {@code invalid_request} for what is no JSON object, or no form with files; {@code validation_failed} for a chat that may be read as another
     *     one
     */
    static CallBody of(@Nullable String contentType, byte @Nullable [] bytes, ObjectMapper json) {
        if (bytes == null || bytes.length == 0) {
            return new CallBody("", new byte[0], Optional.empty(), 1, 0);
        }
        if (contentType == null || !CONTENT_TYPE.matcher(contentType).matches()) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST, "The Content-Type must be 1 to 256 printable characters of ASCII");
        }
        return contentType.regionMatches(true, 0, JSON, 0, JSON.length())
                ? ofJson(bytes, json)
                : ofForm(contentType, bytes, json);
    }

    private static CallBody ofJson(byte[] bytes, ObjectMapper json) {
        var parameters = read(bytes, json);
        if (!parameters.isObject()) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The body must be a JSON object: the method's parameters");
        }
        return new CallBody(
                JSON,
                bytes,
                chat(parameters.path(CHAT)),
                messages(MANY.stream().map(parameters::path), json),
                Math.clamp(parameters.path(TIMEOUT).asInt(0), 0, LONGEST_POLL));
    }

    private static JsonNode read(byte[] bytes, ObjectMapper json) {
        try {
            // As text: of bytes, Jackson would guess another encoding, which Telegram does not.
            return json.readTree(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (JsonProcessingException e) {
            throw JsonProblems.of(e);
        } catch (CharacterCodingException e) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The body is no text in UTF-8");
        }
    }

    private static CallBody ofForm(String type, byte[] bytes, ObjectMapper json) {
        var form = Form.of(Form.boundary(type), bytes, READ);
        var many = MANY.stream().flatMap(name -> form.field(name).stream()).map(text -> (JsonNode) new TextNode(text));
        return new CallBody(type, bytes, form.field(CHAT).flatMap(CallBody::chat), messages(many, json), 0);
    }

    private static Optional<String> chat(JsonNode chat) {
        if (chat.isMissingNode() || chat.isNull()) {
            return Optional.empty();
        }
        if (!chat.isTextual() && !chat.isIntegralNumber()) {
            throw noChat();
        }
        return chat(chat.asText());
    }

    // Telegram takes more texts than these for a chat, and several for the same one.
    private static Optional<String> chat(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (NAME.matcher(text).matches()) {
            return Optional.of(text.toLowerCase(Locale.ROOT));
        }
        if (!NUMBER.matcher(text).matches()) {
            throw noChat();
        }
        try {
            return Optional.of(Long.toString(Long.parseLong(text)));
        } catch (NumberFormatException e) {
            throw noChat();
        }
    }

    private static Problem noChat() {
        return Problem.invalidField(CHAT, "must be a chat's number, or @ and its name");
    }

    /** @param lists JSON arrays, or texts of such */
    private static int messages(Stream<JsonNode> lists, ObjectMapper json) {
        return lists.mapToInt(list -> Math.clamp(elements(list, json), 1, MOST_MESSAGES))
                .max()
                .orElse(1);
    }

    private static int elements(JsonNode list, ObjectMapper json) {
        if (!list.isTextual()) {
            return list.isArray() ? list.size() : 1;
        }
        try {
            var read = json.readTree(list.asText());
            return read.isArray() ? read.size() : 1;
        } catch (JsonProcessingException e) {
            // Telegram may read what we do not.
            return MOST_MESSAGES;
        }
    }
}
