package dev.latchkey.platform.caller;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * What a caller was granted, and the algebra over it: {@code admin:tenant} covers every scope of the tenant, and
 * {@code read:*} covers every scope that begins with {@code read:}, and so on with other words before the colon. What covers
 * {@code admin:tenant} covers what that covers. {@code read:connections} gives away what works elsewhere, and so must be named: {@code read:*} does not
 * cover it. Immutable; its words are kept sorted.
 */
public record Scopes(@JsonValue List<String> words) {

    public static final String ADMIN_TENANT = "admin:tenant";

    public static final String READ_CONNECTIONS = "read:connections";

    /** To call Telegram with the bot of whoever made the credential. */
    public static final String CALL_BOTS = "call:bots";

    private static final String READ_ALL = "read:*";

    public Scopes {
        words = List.copyOf(new TreeSet<>(words));
    }

    public static Scopes of(String... words) {
        return new Scopes(List.of(words));
    }

    public static Scopes of(Collection<String> words) {
        return new Scopes(List.copyOf(words));
    }

    /** Whether a holder of these scopes may do what the needed scope allows. */
    public boolean covers(String needed) {
        for (var granted : words) {
            if (grants(granted, needed)) {
                return true;
            }
        }
        return false;
    }

    /** The needed scopes that these do not cover, in the order asked for. */
    public List<String> missing(Collection<String> needed) {
        return needed.stream().filter(scope -> !covers(scope)).toList();
    }

    /** What remains of these for a holder who may only read. */
    public Scopes reading() {
        var reads = words.stream().filter(word -> word.startsWith("read:") && !word.equals(READ_CONNECTIONS));
        return of(words.stream().anyMatch(word -> matches(word, ADMIN_TENANT)) ? List.of(READ_ALL) : reads.toList());
    }

    private static boolean grants(String granted, String needed) {
        return matches(granted, needed) || matches(granted, ADMIN_TENANT);
    }

    private static boolean matches(String granted, String needed) {
        return granted.equals(needed)
                || granted.endsWith(":*")
                        && !needed.equals(READ_CONNECTIONS)
                        && needed.regionMatches(0, granted, 0, granted.length() - 1);
    }
}
