package dev.latchkey.token;

import java.util.Locale;

/** What a token is for; it stands in its text, so that a test token in production is seen at a glance. */
enum Environment {
    LIVE,
    TEST;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Environment of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
