package dev.latchkey.telegram;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/**
 * Cuts a token out of bytes, and its second half where it stands alone: the first one is no secret. Each character of it is known as it is, as
 * {@code %3A} (or {@code %253A} and so on), as {@code \}{@code u003a} or {@code \x3a} after any number of backslashes up to 16 (so in JSON within
 * JSON, too), as {@code &#58;} and {@code &#x3a;}, in capitals or not.
 */
final class Scrub {

    private static final byte[] INSTEAD = "[bot token]".getBytes(US_ASCII);
    private static final int MOST_BACKSLASHES = 16;
    private static final int MOST_ENCODINGS = 8;
    private static final int MOST_ZEROES = 8;
    private static final int NOT_HERE = -1;

    private final byte[] whole;
    private final byte[] half;

    Scrub(BotToken token) {
        var text = token.secret().reveal();
        whole = text.getBytes(US_ASCII);
        half = text.substring(text.indexOf(':') + 1).getBytes(US_ASCII);
    }

    /** The same array if there is nothing to cut out. */
    byte[] clean(byte[] text) {
        ByteArrayOutputStream cleaned = null;
        var copied = 0;
        for (var at = 0; at < text.length; ) {
            var end = endOfToken(text, at);
            if (end == NOT_HERE) {
                at++;
                continue;
            }
            cleaned = cleaned == null ? new ByteArrayOutputStream(text.length) : cleaned;
            cleaned.write(text, copied, at - copied);
            cleaned.writeBytes(INSTEAD);
            copied = end;
            at = end;
        }
        if (cleaned == null) {
            return text;
        }
        cleaned.write(text, copied, text.length - copied);
        return cleaned.toByteArray();
    }

    private int endOfToken(byte[] text, int at) {
        var first = text[at];
        if (first != whole[0] && first != half[0] && first != '%' && first != '\\' && first != '&') {
            return NOT_HERE;
        }
        var end = end(text, at, whole);
        return end == NOT_HERE ? end(text, at, half) : end;
    }

    private static int end(byte[] text, int at, byte[] sought) {
        var next = at;
        for (var i = 0; i < sought.length && next != NOT_HERE; i++) {
            next = after(text, next, sought[i]);
        }
        return next;
    }

    /** Where the text goes on after this character, in whichever form; {@link #NOT_HERE} if something else is there. */
    private static int after(byte[] text, int at, byte wanted) {
        if (at >= text.length) {
            return NOT_HERE;
        }
        return switch (text[at]) {
            case '%' -> afterPercent(text, at + 1, wanted);
            case '\\' -> afterBackslashes(text, at, wanted);
            case '&' -> afterReference(text, at + 1, wanted);
            default -> text[at] == wanted ? at + 1 : NOT_HERE;
        };
    }

    private static int afterPercent(byte[] text, int at, byte wanted) {
        var next = at;
        for (var i = 0; i < MOST_ENCODINGS && is(text, next, '2') && is(text, next + 1, '5'); i++) {
            next += 2;
        }
        return afterHex(text, next, wanted);
    }

    private static int afterBackslashes(byte[] text, int at, byte wanted) {
        var next = at;
        while (is(text, next, '\\') && next - at < MOST_BACKSLASHES) {
            next++;
        }
        if (is(text, next, 'x')) {
            return afterHex(text, next + 1, wanted);
        }
        return is(text, next, 'u') && is(text, next + 1, '0') && is(text, next + 2, '0')
                ? afterHex(text, next + 3, wanted)
                : NOT_HERE;
    }

    private static int afterReference(byte[] text, int at, byte wanted) {
        if (!is(text, at, '#')) {
            return NOT_HERE;
        }
        var isHex = is(text, at + 1, 'x') || is(text, at + 1, 'X');
        var next = isHex ? at + 2 : at + 1;
        for (var i = 0; i < MOST_ZEROES && is(text, next, '0'); i++) {
            next++;
        }
        var digits = Integer.toString(wanted, isHex ? 16 : 10);
        for (var i = 0; i < digits.length(); i++) {
            if (next >= text.length || Character.toLowerCase(text[next]) != digits.charAt(i)) {
                return NOT_HERE;
            }
            next++;
        }
        return is(text, next, ';') ? next + 1 : NOT_HERE;
    }

    private static int afterHex(byte[] text, int at, byte wanted) {
        return at + 1 < text.length
                        && Character.digit(text[at], 16) == wanted >> 4
                        && Character.digit(text[at + 1], 16) == (wanted & 0xf)
                ? at + 2
                : NOT_HERE;
    }

    private static boolean is(byte[] text, int at, char wanted) {
        return at < text.length && text[at] == wanted;
    }
}
