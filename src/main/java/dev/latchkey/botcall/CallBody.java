package dev.latchkey.botcall;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.JsonProblems;
import dev.latchkey.platform.problem.Problem;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What goes with a call, as it came.
 *
 * @param contentType empty if nothing goes with it
 * @param chat where it goes to, if it says that
 * @param longPollSeconds how long Telegram is asked to wait for something to tell; 0 if it is not
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on, never compared.
record CallBody(String contentType, byte[] bytes, Optional<String> chat, int longPollSeconds) {

    private static final String JSON = "application/json";
    private static final String CHAT = "chat_id";
    private static final String TIMEOUT = "timeout";
    // Telegram waits no longer.
    private static final int LONGEST_POLL = 50;
    private static final int LONGEST_CHAT = 64;

    /** @throws Problem {@code invalid_request} for what is no JSON object, or no form with files */
    static CallBody of(@Nullable String contentType, byte @Nullable [] bytes, ObjectMapper json) {
        if (bytes == null || bytes.length == 0) {
            return new CallBody("", new byte[0], Optional.empty(), 0);
        }
        var type = contentType == null ? "" : contentType;
        return type.regionMatches(true, 0, JSON, 0, JSON.length()) ? ofJson(bytes, json) : ofForm(type, bytes);
    }

    private static CallBody ofJson(byte[] bytes, ObjectMapper json) {
        var parameters = read(bytes, json);
        if (!parameters.isObject()) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The body must be a JSON object: the method's parameters");
        }
        var seconds = parameters.path(TIMEOUT).asInt(0);
        return new CallBody(JSON, bytes, chat(parameters.path(CHAT).asText("")), pollSeconds(seconds));
    }

    private static JsonNode read(byte[] bytes, ObjectMapper json) {
        try {
            return json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw JsonProblems.of(e);
        } catch (IOException e) {
            throw new Problem(CommonProblem.INVALID_REQUEST, "The body is not well-formed JSON");
        }
    }

    private static CallBody ofForm(String type, byte[] bytes) {
        var form = Form.of(type, bytes);
        return new CallBody(type, bytes, form.field(CHAT).flatMap(CallBody::chat), 0);
    }

    // What is no chat is Telegram's to refuse; limits go by the bot then.
    private static Optional<String> chat(String text) {
        return Optional.of(text.strip()).filter(chat -> !chat.isEmpty() && chat.length() <= LONGEST_CHAT);
    }

    private static int pollSeconds(int seconds) {
        return Math.clamp(seconds, 0, LONGEST_POLL);
    }
}
