package dev.latchkey.oauthclient;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.latchkey.platform.problem.Problem;
import java.util.Optional;

/** What a client is called by: our number, or its provider's name for it. */
public record ClientReference(String text) {

    private static final int LONGEST = 255;
    private static final int MOST_DIGITS = 16;

    // A text or a number, and no object around it.
    @JsonCreator(mode = JsonCreator.Mode.DISABLED)
    public ClientReference {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw Problem.invalidField("client_id", "must have 1 to 255 characters");
        }
    }

    /** A number in JSON. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ClientReference of(long number) {
        return new ClientReference(Long.toString(number));
    }

    /** A text in JSON, or of a path. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ClientReference of(String text) {
        return new ClientReference(text);
    }

    /** False for what no client can be called: the database takes not every text. */
    boolean mayExist() {
        return text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    Optional<Long> number() {
        return text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Optional.of(Long.parseLong(text))
                : Optional.empty();
    }
}
