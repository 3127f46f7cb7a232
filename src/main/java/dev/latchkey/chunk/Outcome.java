package dev.latchkey.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one use. On the wire one word for each use of the chunk, in its order, with commas between: {@code 1} allowed, {@code 0} refused
 * by a limit, {@code c} refused for lack of credits, {@code m} not decided here: nothing happened, and another chunk tells what came of it. {@code !<number>} behind it tells the limits
 * that refused, as the sum of 2^place of each; behind {@code 1} those that only watch and would have. {@code +<credits>@<milliseconds since 1970>} behind it tells that the decision filled
 * up the use's credit account by that much, for the period that began then.
 *
 * @param violated the sum of 2^place of each limit that refused, or only watches and would have; places are those of the use's policies
 * @param status 200, 429 for a use that was refused, or {@link Use#UNDECIDED}
 */
public record Outcome(int status, long violated, Optional<Refilled> refilled) {

    /** Credits that were added to an account, for the period that began at that time. */
    public record Refilled(long credits, long periodMillis) {}

    private static final Outcome ALLOWED = new Outcome(200, 0, Optional.empty());
    private static final Outcome REFUSED = new Outcome(429, 0, Optional.empty());
    private static final Outcome NOT_HERE = new Outcome(Use.UNDECIDED, 0, Optional.empty());
    private static final int DIGITS_MAX = 18;

    /** @throws IllegalArgumentException if the text is no list of outcomes */
    public static List<Outcome> parse(String text) {
        var outcomes = new ArrayList<Outcome>();
        var from = 0;
        while (from <= text.length()) {
            var comma = text.indexOf(',', from);
            var to = comma < 0 ? text.length() : comma;
            outcomes.add(parse(text, from, to));
            from = to + 1;
        }
        return outcomes;
    }

    private static Outcome parse(String text, int from, int to) {
        var decided = from < to ? decided(text.charAt(from)) : null;
        if (decided == null) {
            throw new IllegalArgumentException("an outcome is none of 1, 0, c and m");
        }
        if (decided == NOT_HERE && to > from + 1) {
            throw new IllegalArgumentException("what was not decided refills nothing");
        }
        if (to == from + 1) {
            return decided;
        }
        var refill = text.indexOf('+', from);
        var end = refill < 0 || refill > to ? to : refill;
        return new Outcome(
                decided.status,
                end == from + 1 ? 0 : violated(text, from + 1, end),
                end == to ? Optional.empty() : Optional.of(refilled(text, end, to)));
    }

    private static long violated(String text, int from, int to) {
        if (text.charAt(from) != '!') {
            throw new IllegalArgumentException("limits that refused are told as !places");
        }
        return number(text, from + 1, to);
    }

    private static @Nullable Outcome decided(char word) {
        return switch (word) {
            case '1' -> ALLOWED;
            case '0', 'c' -> REFUSED;
            case 'm' -> NOT_HERE;
            default -> null;
        };
    }

    private static Refilled refilled(String text, int from, int to) {
        var at = text.indexOf('@', from);
        if (at < 0 || at > to) {
            throw new IllegalArgumentException("a refill is told as +credits@period");
        }
        return new Refilled(number(text, from + 1, at), number(text, at + 1, to));
    }

    private static long number(String text, int from, int to) {
        var digits = text.substring(from, to);
        if (digits.isEmpty()
                || digits.length() > DIGITS_MAX
                || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            throw new IllegalArgumentException("what goes with an outcome is told in whole numbers");
        }
        return Long.parseLong(digits);
    }
}
