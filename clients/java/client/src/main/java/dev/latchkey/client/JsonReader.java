package dev.latchkey.client;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259), and nothing that only looks like it: UTF-8 without faults, no name twice in an object, nothing behind the value.
 * Gives {@link String}, {@link Long} or {@link BigDecimal}, {@link Boolean}, {@link List}, {@link Map} and null.
 */
final class JsonReader {

    /** A text is not JSON. Says where, and nothing of what it holds. */
    static final class NotJson extends Exception {
        private static final long serialVersionUID = 1L;

        private NotJson(String what, int position) {
            super(what + " at position " + position);
        }
    }

    private static final int DEPTH_MAX = 32;
    private static final int DIGITS_MAX = 64;
    private static final int EXPONENT_DIGITS_MAX = 4;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    static Object read(byte[] utf8) throws NotJson {
        try {
            // Unlike new String, a decoder refuses what is malformed.
            return read(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new NotJson("not UTF-8", 0);
        }
    }

    static Object read(String text) throws NotJson {
        var reader = new JsonReader(text);
        var value = reader.value();
        if (reader.at != text.length()) {
            throw reader.fault("something behind the value");
        }
        return value;
    }

    /** With the blanks around it. */
    private Object value() throws NotJson {
        skipBlanks();
        var value =
                switch (peek()) {
                    case '{' -> object();
                    case '[' -> array();
                    case '"' -> string();
                    case 't' -> word("true", Boolean.TRUE);
                    case 'f' -> word("false", Boolean.FALSE);
                    case 'n' -> word("null", null);
                    default -> number();
                };
        skipBlanks();
        return value;
    }

    private Map<String, Object> object() throws NotJson {
        enter();
        var members = new LinkedHashMap<String, Object>();
        skipBlanks();
        if (!accept('}')) {
            do {
                skipBlanks();
                var name = string();
                skipBlanks();
                expect(':');
                if (members.containsKey(name)) {
                    throw fault("a name that was there before");
                }
                members.put(name, value());
            } while (accept(','));
            expect('}');
        }
        depth--;
        return members;
    }

    private List<Object> array() throws NotJson {
        enter();
        var items = new ArrayList<Object>();
        skipBlanks();
        if (!accept(']')) {
            do {
                items.add(value());
            } while (accept(','));
            expect(']');
        }
        depth--;
        return items;
    }

    private void enter() throws NotJson {
        at++;
        depth++;
        if (depth > DEPTH_MAX) {
            throw fault("nested too deeply");
        }
    }

    private String string() throws NotJson {
        expect('"');
        var read = new StringBuilder();
        while (true) {
            var next = next();
            if (next == '"') {
                return checked(read);
            }
            if (next < ' ') {
                throw fault("a control character");
            }
            read.append(next == '\\' ? escaped() : next);
        }
    }

    private char escaped() throws NotJson {
        return switch (next()) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '/' -> '/';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw fault("an unknown escape");
        };
    }

    private char unit() throws NotJson {
        var unit = 0;
        for (var i = 0; i < 4; i++) {
            var next = next();
            // Not Character.digit alone: that knows digits of other scripts.
            var digit = next < 128 ? Character.digit(next, 16) : -1;
            if (digit < 0) {
                throw fault("not a hexadecimal digit");
            }
            unit = unit * 16 + digit;
        }
        return (char) unit;
    }

    // Half a character cannot be told from another half when it is written again.
    private String checked(StringBuilder read) throws NotJson {
        for (var i = 0; i < read.length(); i++) {
            if (Character.isHighSurrogate(read.charAt(i))
                    && i + 1 < read.length()
                    && Character.isLowSurrogate(read.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(read.charAt(i))) {
                throw fault("half a character");
            }
        }
        return read.toString();
    }

    private Object number() throws NotJson {
        var start = at;
        accept('-');
        var whole = digits();
        if (whole > 1 && text.charAt(at - whole) == '0') {
            throw fault("a number that begins with 0");
        }
        var isWhole = true;
        if (accept('.')) {
            isWhole = false;
            whole += digits();
        }
        if (at < text.length() && (peek() == 'e' || peek() == 'E')) {
            isWhole = false;
            at++;
            if (!accept('-')) {
                accept('+');
            }
            // A larger one makes a number that takes gigabytes to write out.
            if (digits() > EXPONENT_DIGITS_MAX) {
                throw fault("an exponent that is too long");
            }
        }
        if (whole > DIGITS_MAX) {
            throw fault("a number that is too long");
        }
        var number = new BigDecimal(text.substring(start, at));
        return isWhole && number.precision() <= 18 ? (Object) number.longValueExact() : number;
    }

    private int digits() throws NotJson {
        var start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw fault("no value");
        }
        return at - start;
    }

    private Object word(String word, Object value) throws NotJson {
        if (!text.startsWith(word, at)) {
            throw fault("an unknown word");
        }
        at += word.length();
        return value;
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws NotJson {
        if (at == text.length()) {
            throw fault("an early end");
        }
        return text.charAt(at);
    }

    private char next() throws NotJson {
        var next = peek();
        at++;
        return next;
    }

    private boolean accept(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) throws NotJson {
        if (!accept(wanted)) {
            throw fault("no " + wanted);
        }
    }

    private NotJson fault(String what) {
        return new NotJson(what, at);
    }
}
