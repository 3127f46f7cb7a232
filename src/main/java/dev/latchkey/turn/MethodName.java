package dev.latchkey.turn;

import dev.latchkey.platform.problem.Problem;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A method of the Bot API by its name, which Telegram takes in any case of letters. */
public record MethodName(String text) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9]{0,63}");
    private static final Set<String> NO_MESSAGES =
            Set.of("sendchataction", "sendchatjoinrequestwebapp", "sendmessagedraft");

    /** @throws Problem {@code not_found} if no method can have that name */
    public static MethodName of(String text) {
        if (!NAME.matcher(text).matches()) {
            throw Problem.notFound();
        }
        return new MethodName(text);
    }

    /** Whether it puts something into a chat, or changes what stands there: Telegram counts that. */
    boolean isMessage() {
        var name = lower();
        return (name.startsWith("send")
                        || name.startsWith("copymessage")
                        || name.startsWith("forwardmessage")
                        || name.startsWith("editmessage"))
                && !NO_MESSAGES.contains(name);
    }

    public boolean isLongPoll() {
        return lower().equals("getupdates");
    }

    /** As it is counted: as the Bot API writes it, or {@code unknown}. */
    String counted() {
        return KnownMethods.named(lower());
    }

    /** The same for all cases of letters. */
    String lower() {
        return text.toLowerCase(Locale.ROOT);
    }
}
