package dev.latchkey.limit;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a limit decides on.
 *
 * @param subject whose budget it is, as {@code kind:id}, such as {@code token:<uuid>} or {@code address:192.0.2.7}; the kind becomes a metric's tag
 * @param windows all that must admit; none means no limit
 * @param cost units; 0 peeks: it is always admitted, and consumes nothing
 */
public record LimitRequest(String subject, List<Window> windows, long cost) {

    // Braces would move the hash tag that keeps the keys of a subject on one node of a cluster.
    private static final Pattern SUBJECT = Pattern.compile("[a-z_]{1,32}:[^\\s{}\\p{Cntrl}]{1,200}");
    private static final int MOST_WINDOWS = 16;

    public LimitRequest {
        windows = List.copyOf(windows);
        if (!SUBJECT.matcher(subject).matches()) {
            throw new IllegalArgumentException("Not the subject of a limit");
        }
        if (windows.size() > MOST_WINDOWS
                || windows.stream().map(Window::name).distinct().count() < windows.size()) {
            throw new IllegalArgumentException("Windows need names of their own, and are at most " + MOST_WINDOWS);
        }
        if (cost < 0 || cost > Window.LARGEST) {
            throw new IllegalArgumentException("Not a cost: " + cost);
        }
    }

    /** The subject's part before the colon. */
    String kind() {
        return subject.substring(0, subject.indexOf(':'));
    }
}
