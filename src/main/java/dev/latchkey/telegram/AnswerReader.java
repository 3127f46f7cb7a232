package dev.latchkey.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.latchkey.telegram.TelegramAnswer.Done;
import dev.latchkey.telegram.TelegramAnswer.Failed;
import dev.latchkey.telegram.TelegramAnswer.Refused;
import dev.latchkey.telegram.TelegramAnswer.Why;
import java.time.Duration;
import java.util.Optional;

/** What an answer means. Nothing of it is read before the token is cut out. */
final class AnswerReader {

    static final TelegramAnswer UNREADABLE = new Failed(Why.UNREADABLE, true);

    private static final int DEEPEST_NESTING = 200;
    private static final long LONGEST_PAUSE_SECONDS = Duration.ofDays(1).toSeconds();
    // A longer one is the longest one, too, and no number any more.
    private static final int MOST_DIGITS = 9;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final int TOO_MANY = 429;

    private AnswerReader() {}

    /** @param retryAfter the header of that name; empty if there was none */
    static TelegramAnswer read(Scrub scrub, int status, String retryAfter, byte[] body) {
        var clean = scrub.clean(body);
        try {
            // As text: of bytes, Jackson would guess another encoding, in which nothing was cut out.
            var answer = JSON.readTree(new String(clean, UTF_8));
            var ok = answer.path("ok");
            if (!ok.isBoolean() || ok.asBoolean() && status / 100 != 2) {
                return unreadable(status, retryAfter);
            }
            return ok.asBoolean()
                    ? new Done(answer.has("result") ? answer.get("result") : NullNode.getInstance(), clean)
                    : refused(answer, status, retryAfter, clean);
        } catch (JsonProcessingException e) {
            return unreadable(status, retryAfter);
        }
    }

    // What stands before Telegram, and says that this is too much, is to be heeded, too.
    private static TelegramAnswer unreadable(int status, String retryAfter) {
        return status == TOO_MANY
                ? new Refused(status, "Too Many Requests", pause(retryAfter), new byte[0])
                : UNREADABLE;
    }

    private static Refused refused(JsonNode answer, int status, String retryAfter, byte[] clean) {
        var said = answer.path("parameters").path("retry_after");
        return new Refused(
                answer.path("error_code").asInt(status),
                answer.path("description").asText(),
                pause(said.isMissingNode() ? retryAfter : said.asText()),
                clean);
    }

    private static Optional<Duration> pause(String seconds) {
        if (seconds.isEmpty() || !seconds.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Optional.empty();
        }
        var asked = seconds.length() > MOST_DIGITS ? LONGEST_PAUSE_SECONDS : Long.parseLong(seconds);
        return Optional.of(Duration.ofSeconds(Math.clamp(asked, 1, LONGEST_PAUSE_SECONDS)));
    }
}
