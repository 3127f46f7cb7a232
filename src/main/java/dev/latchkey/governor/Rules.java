package dev.latchkey.governor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which spans a call is counted in, and what it would wait for. */
final class Rules {

    /** The lane of the whole bot. */
    static final String BOT = "bot";

    private static final String MESSAGES = "messages";

    /**
     * No more than so many calls begin in any span of that length.
     *
     * @param lane of those who wait for it
     * @param name of its list
     * @param weight how many the call counts as, and no more than go into one span
     * @param from which calls wait in that lane as this one does: those that count as so many messages or more
     */
    record Span(String lane, String name, int most, Duration length, int weight, int from) {

        private static Span ofCalls(int most, Duration length) {
            return new Span(BOT, "calls", most, length, 1, 0);
        }

        private static Span ofMessages(String lane, String name, int most, Duration length, int messages) {
            var weight = Math.min(messages, most);
            return new Span(lane, name, most, length, weight, weight);
        }
    }

    private final GovernorConfig config;

    Rules(GovernorConfig config) {
        this.config = config;
    }

    List<Span> spans(Outgoing call) {
        var second = Duration.ofSeconds(1).plus(config.margin());
        var spans = new ArrayList<Span>();
        spans.add(Span.ofCalls(call.perSecond(), second));
        if (!call.isMessage()) {
            return spans;
        }
        spans.add(Span.ofMessages(MESSAGES, MESSAGES, config.messagesPerSecond(), second, call.messages()));
        call.chat().ifPresent(to -> {
            var into = into(to);
            spans.add(Span.ofMessages(into, chat(to), config.messagesPerChatAndSecond(), second, call.messages()));
            if (call.isToGroup()) {
                var minute = Duration.ofMinutes(1).plus(config.margin());
                spans.add(Span.ofMessages(
                        into, "group:" + to, config.messagesPerGroupAndMinute(), minute, call.messages()));
            }
        });
        return spans;
    }

    /** What pauses if Telegram refuses this call as one too many: who may not even ask who it is may ask nothing. */
    static String paused(Outgoing call) {
        return call.method().equals("getme") ? BOT : pauses(call).getLast();
    }

    /** What may pause and keep the call waiting, the whole bot first. */
    static List<String> pauses(Outgoing call) {
        var method = "method:" + call.method();
        return call.chat().map(to -> List.of(BOT, method, chat(to))).orElseGet(() -> List.of(BOT, method));
    }

    /** All lanes that the call may wait in. */
    List<String> lanes(Outgoing call) {
        var lanes = new ArrayList<>(pauses(call));
        if (call.isMessage()) {
            lanes.add(MESSAGES);
            call.chat().ifPresent(to -> lanes.add(into(to)));
        }
        return lanes;
    }

    // Not that of its pauses: what asks about the chat waits for those, and not for messages.
    private static String into(String to) {
        return MESSAGES + ":" + to;
    }

    private static String chat(String to) {
        return "chat:" + to;
    }
}
