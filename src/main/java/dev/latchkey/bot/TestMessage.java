package dev.latchkey.bot;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.telegram.TelegramCall;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a verification sends besides.
 *
 * @param sendTestMessage false if left out
 * @param testChatId where to; needed where a message is to be sent
 * @param testMessage a text of ours if left out
 */
public record TestMessage(
        @Nullable Boolean sendTestMessage,
        @Nullable ChatId testChatId,

        @Nullable @Size(max = 4096) @Pattern(regexp = TEXT, message = "must be text, and not blank")
        String testMessage) {

    /** Halves of characters would be sent as something else. */
    static final String TEXT = "\\s*+[^\\p{Cs}\\x00\\s][^\\p{Cs}\\x00]*+";

    private static final String OURS = "This bot is verified. The message is a test, and needs no answer.";

    /** A chat as the Bot API calls it: by its number, or by {@code @} and its name. */
    public record ChatId(Object value) {

        private static final int LONGEST = 64;

        // A text or a number, and no object around it.
        @JsonCreator(mode = JsonCreator.Mode.DISABLED)
        public ChatId {}

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static ChatId of(long number) {
            return new ChatId(number);
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static ChatId of(String text) {
            if (text.length() > LONGEST || !text.matches("-?[1-9][0-9]{0,17}|@[A-Za-z0-9_]+")) {
                throw Problem.invalidField("test_chat_id", "must be a chat's number, or @ and its name");
            }
            return new ChatId(text);
        }
    }

    /** Nothing is sent. */
    public static TestMessage none() {
        return new TestMessage(false, null, null);
    }

    /** Where it goes to, if it is to be sent. */
    public Optional<String> recipient() {
        return Optional.ofNullable(testChatId)
                .filter(chat -> Boolean.TRUE.equals(sendTestMessage))
                .map(chat -> chat.value().toString().toLowerCase(Locale.ROOT));
    }

    /**
     * What sends it; empty where nothing is to be sent.
     *
     * @throws Problem {@code validation_failed}
     */
    Optional<TelegramCall> call() {
        if (!Boolean.TRUE.equals(sendTestMessage)) {
            return Optional.empty();
        }
        var chat = Optional.ofNullable(testChatId)
                .orElseThrow(() -> Problem.invalidField("test_chat_id", "is needed to send a message"));
        var text = Optional.ofNullable(testMessage).orElse(OURS);
        return Optional.of(TelegramCall.json("sendMessage", Map.of("chat_id", chat.value(), "text", text)));
    }
}
