package dev.latchkey.platform.problem;

import java.util.regex.Pattern;

/** Finds what looks like a credential of ours, or of a bot, where none belongs: in a path, a request id, the name of a field. */
public final class CredentialShape {

    // API tokens, refresh tokens, JWTs, V1 keys, whose ids begin alike. A kind with another shape is one more word
    // here.
    private static final Pattern SHAPE = Pattern.compile(
            "(lk_(?:live|test)_|lkr_|eyJ|v1_(?=[A-Za-z0-9]{40})|[0-9]{1,20}(?::|%3[Aa])(?=[A-Za-z0-9_-]{35}))"
                    + "[A-Za-z0-9_.-]{20,}");

    private CredentialShape() {}

    public static boolean isIn(String text) {
        return SHAPE.matcher(text).find();
    }

    /** The text, in which of each credential only its kind can still be told. */
    public static String hide(String text) {
        return SHAPE.matcher(text).replaceAll("$1...");
    }
}
