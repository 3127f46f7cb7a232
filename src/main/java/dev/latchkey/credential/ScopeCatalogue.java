package dev.latchkey.credential;

import dev.latchkey.platform.problem.Problem;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The scopes that exist here. */
@Singleton
public class ScopeCatalogue {

    /** Scopes that a kind of credential brings with it. */
    public interface Source {
        Collection<String> scopes();
    }

    private static final Set<String> PRODUCT = Set.of(
            "read:reports",
            "read:audits",
            "write:audits",
            "read:webhooks",
            "write:webhooks",
            "admin:tenant",
            "verify:tokens",
            "read:connections",
            "call:bots");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_-]{0,40}:[a-z][a-z0-9_-]{0,40}");

    private final Set<String> known;

    ScopeCatalogue(CredentialConfig config, @All List<Source> sources) {
        known = new TreeSet<>(PRODUCT);
        sources.forEach(source -> known.addAll(source.scopes()));
        for (var scope : config.extraScopes().orElse(List.of())) {
            if (!isWord(scope)) {
                throw new IllegalStateException(
                        "latchkey.credentials.extra-scopes: " + scope + " is not of the form verb:noun");
            }
            known.add(scope);
        }
    }

    /** Whether it has the form of a scope. */
    public static boolean isWord(String scope) {
        return WORD.matcher(scope).matches();
    }

    /**
     * Checks scopes that are to be granted; {@code read:*} may be granted where some scope begins with {@code read:}.
     *
     * @throws Problem {@code validation_failed}, naming each entry that is unknown
     */
    public void check(List<String> scopes) {
        var problem = new Problem(
                dev.latchkey.platform.problem.CommonProblem.VALIDATION_FAILED,
                "Some scopes are unknown; known are " + known);
        for (var i = 0; i < scopes.size(); i++) {
            if (!isKnown(scopes.get(i))) {
                problem.field("scopes[" + i + "]", "is not a known scope");
            }
        }
        if (!problem.errors().isEmpty()) {
            throw problem;
        }
    }

    /** The known scopes that the given word grants. */
    public List<String> coveredBy(dev.latchkey.platform.caller.Scopes granted) {
        return known.stream().filter(granted::covers).toList();
    }

    /** Whether it is one scope that exists here, and no pattern. */
    public boolean has(String scope) {
        return known.contains(scope);
    }

    private boolean isKnown(String scope) {
        return known.contains(scope)
                || scope.endsWith(":*")
                        && known.stream().anyMatch(word -> word.startsWith(scope.substring(0, scope.length() - 1)));
    }
}
