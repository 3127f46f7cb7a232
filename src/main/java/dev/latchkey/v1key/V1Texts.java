package dev.latchkey.v1key;

import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.signing.Jwts;

/** The texts of keys of the first version: {@code v1_} and 43 base62 characters (256 bits), or what was brought along. */
final class V1Texts {

    private static final String PREFIX = "v1_";
    private static final int RANDOM_LENGTH = 43;
    private static final int LEAST = 16;
    private static final int MOST = 200;
    // What begins so is of another kind.
    private static final String TOKEN = "lk_";

    private V1Texts() {}

    static Secret make() {
        return new Secret(PREFIX + RandomText.base62(RANDOM_LENGTH));
    }

    static boolean isOurs(String text) {
        if (text.length() != PREFIX.length() + RANDOM_LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (var i = PREFIX.length(); i < text.length(); i++) {
            var character = text.charAt(i);
            if (character > 'z' || !Character.isLetterOrDigit(character)) {
                return false;
            }
        }
        return true;
    }

    /** Whether another system could have made it. */
    static boolean couldBeForeign(String text) {
        return text.length() >= LEAST
                && text.length() <= MOST
                && !text.startsWith(TOKEN)
                && !Jwts.looksLikeJwt(text)
                && text.chars().allMatch(character -> character > ' ' && character <= '~');
    }
}
