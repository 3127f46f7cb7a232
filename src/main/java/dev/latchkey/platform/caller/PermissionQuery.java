package dev.latchkey.platform.caller;

import java.util.List;
import java.util.TreeSet;

/** What is asked of a credential's scopes: words, joined by {@code AND} and {@code OR}. Immutable. */
public sealed interface PermissionQuery {

    /** Nothing is asked. */
    PermissionQuery NOTHING = new All(List.of());

    boolean isMetBy(Scopes granted);

    /** Every scope that stands in the query. */
    List<String> words();

    /** All of these scopes. */
    static PermissionQuery all(List<String> scopes) {
        return scopes.isEmpty()
                ? NOTHING
                : new All(scopes.stream().<PermissionQuery>map(Word::new).toList());
    }

    /** One scope. */
    record Word(String scope) implements PermissionQuery {
        @Override
        public boolean isMetBy(Scopes granted) {
            return granted.covers(scope);
        }

        @Override
        public List<String> words() {
            return List.of(scope);
        }
    }

    /** Each of the parts. */
    record All(List<PermissionQuery> parts) implements PermissionQuery {
        @Override
        public boolean isMetBy(Scopes granted) {
            for (var part : parts) {
                if (!part.isMetBy(granted)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public List<String> words() {
            return wordsOf(parts);
        }
    }

    /** One of the parts, or more. */
    record Any(List<PermissionQuery> parts) implements PermissionQuery {
        @Override
        public boolean isMetBy(Scopes granted) {
            for (var part : parts) {
                if (part.isMetBy(granted)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public List<String> words() {
            return wordsOf(parts);
        }
    }

    private static List<String> wordsOf(List<PermissionQuery> parts) {
        if (parts.size() == 1) {
            return parts.getFirst().words();
        }
        var words = new TreeSet<String>();
        parts.forEach(part -> words.addAll(part.words()));
        return List.copyOf(words);
    }
}
