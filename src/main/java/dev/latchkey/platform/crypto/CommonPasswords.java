package dev.latchkey.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The passwords that are tried first. */
public final class CommonPasswords {

    private static final Set<String> COMMON = read();
    private static final int FEWEST_CHARACTERS = 4;

    private CommonPasswords() {}

    /** Whether it stands in the list, in any case, or is made of fewer than four different characters. */
    public static boolean include(String password) {
        var lower = password.toLowerCase(Locale.ROOT);
        return COMMON.contains(lower) || lower.chars().distinct().count() < FEWEST_CHARACTERS;
    }

    private static Set<String> read() {
        try (var list = CommonPasswords.class.getResourceAsStream("/common-passwords.txt")) {
            return new String(Objects.requireNonNull(list).readAllBytes(), UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
