package dev.latchkey.platform.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/** Random texts for secrets, from the operating system's generator. */
public final class RandomText {

    /** Digits, capitals, small letters: the order in which base62 counts. */
    public static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private RandomText() {}

    /** Base62 characters, each equally likely: 5.95 bits a character. */
    public static String base62(int length) {
        return Holder.RANDOM
                .ints(length, 0, BASE62.length())
                .collect(StringBuilder::new, (text, i) -> text.append(BASE62.charAt(i)), StringBuilder::append)
                .toString();
    }

    /** The given number of random bytes as base64url without padding (RFC 4648, section 5). */
    public static String base64Url(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
    }

    /** From the least, included, to the most, excluded; each equally likely. */
    public static long number(long least, long most) {
        return Holder.RANDOM.nextLong(least, most);
    }

    public static byte[] bytes(int count) {
        var bytes = new byte[count];
        Holder.RANDOM.nextBytes(bytes);
        return bytes;
    }

    // Held apart so that a native image seeds it at run time and not at build time.
    private static final class Holder {
        private static final SecureRandom RANDOM = new SecureRandom();
    }
}
