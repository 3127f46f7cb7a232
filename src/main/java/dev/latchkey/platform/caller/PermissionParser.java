package dev.latchkey.platform.caller;

import dev.latchkey.platform.caller.PermissionQuery.All;
import dev.latchkey.platform.caller.PermissionQuery.Any;
import dev.latchkey.platform.caller.PermissionQuery.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads permission queries:
 *
 * <pre>
 * query  = term *( "OR" term )
 * term   = factor *( "AND" factor )
 * factor = scope / "(" query ")"
 * scope  = 1*100( ALPHA / DIGIT / "_" / "-" / "." / ":" / "*" / "/" )
 * </pre>
 *
 * {@code AND} and {@code OR} are written in capitals or small letters, and are no scopes.
 */
public final class PermissionParser {

    static final int LONGEST = 1000;

    private static final int DEEPEST = 20;
    private static final int LONGEST_SCOPE = 100;

    /** A text that is no query; {@code position} counts its characters from 1. */
    public static final class NotAQuery extends Exception {
        private final int position;

        private NotAQuery(int index, String message) {
            super(message, null, false, false);
            this.position = index + 1;
        }

        /** Of the first character that cannot be read, from 1. */
        public int position() {
            return position;
        }
    }

    private final String text;
    private int at;
    private int depth;

    private PermissionParser(String text) {
        this.text = text;
    }

    public static PermissionQuery parse(String text) throws NotAQuery {
        if (text.length() > LONGEST) {
            throw new NotAQuery(LONGEST, "a query has at most " + LONGEST + " characters");
        }
        var parser = new PermissionParser(text);
        var query = parser.query();
        if (parser.at < text.length()) {
            throw parser.expected("AND, OR or the end");
        }
        return query;
    }

    private PermissionQuery query() throws NotAQuery {
        var terms = new ArrayList<>(List.of(term()));
        while (takes("OR")) {
            terms.add(term());
        }
        return terms.size() == 1 ? terms.getFirst() : new Any(List.copyOf(terms));
    }

    private PermissionQuery term() throws NotAQuery {
        var factors = new ArrayList<>(List.of(factor()));
        while (takes("AND")) {
            factors.add(factor());
        }
        return factors.size() == 1 ? factors.getFirst() : new All(List.copyOf(factors));
    }

    private PermissionQuery factor() throws NotAQuery {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '(') {
            return group();
        }
        var word = wordAhead();
        if (word.isEmpty() || isOperator(word)) {
            throw expected("a scope or (");
        }
        if (word.length() > LONGEST_SCOPE) {
            throw new NotAQuery(at, "a scope has at most " + LONGEST_SCOPE + " characters");
        }
        at += word.length();
        skipBlanks();
        return new Word(word);
    }

    private PermissionQuery group() throws NotAQuery {
        if (++depth > DEEPEST) {
            throw new NotAQuery(at, "brackets are at most " + DEEPEST + " deep");
        }
        at++;
        var query = query();
        if (at >= text.length() || text.charAt(at) != ')') {
            throw expected("AND, OR or )");
        }
        at++;
        depth--;
        skipBlanks();
        return query;
    }

    private boolean takes(String operator) {
        if (!wordAhead().equalsIgnoreCase(operator)) {
            return false;
        }
        at += operator.length();
        return true;
    }

    private String wordAhead() {
        var end = at;
        while (end < text.length() && isOfScope(text.charAt(end))) {
            end++;
        }
        return text.substring(at, end);
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private NotAQuery expected(String what) {
        return new NotAQuery(at, what + " is expected here");
    }

    private static boolean isOperator(String word) {
        var upper = word.toUpperCase(Locale.ROOT);
        return upper.equals("AND") || upper.equals("OR");
    }

    private static boolean isOfScope(char character) {
        return character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9'
                || "_-.:*/".indexOf(character) >= 0;
    }
}
