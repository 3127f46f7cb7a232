package dev.latchkey.token;

import dev.latchkey.credential.ScopeCatalogue;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.Cidr;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold for the fields of a token beyond their shape. Each check throws {@code validation_failed}, naming the field. */
@ApplicationScoped
class TokenRules {

    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);

    private final ScopeCatalogue catalogue;

    TokenRules(ScopeCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @throws Problem {@code insufficient_scope} too: nobody grants what they lack */
    Scopes scopes(Caller caller, List<String> wanted) {
        catalogue.check(wanted);
        var missing = caller.scopes().missing(wanted);
        if (!missing.isEmpty()) {
            throw new Problem(
                            CommonProblem.INSUFFICIENT_SCOPE,
                            "Nobody grants a scope they lack: " + String.join(" ", missing))
                    .with("required_scopes", missing);
        }
        return Scopes.of(wanted);
    }

    @Nullable
    Instant expiry(CreateToken request, Instant now) {
        if (request.expiresAt() != null && request.expiresInDays() != null) {
            throw Problem.invalidField("expires_in_days", "must not be given together with expires_at");
        }
        if (request.expiresInDays() != null) {
            return now.plus(Duration.ofDays(request.expiresInDays()));
        }
        var expiresAt = request.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw Problem.invalidField("expires_at", "must lie in the future");
        }
        if (expiresAt != null && expiresAt.isAfter(now.plus(LONGEST_LIFE))) {
            throw Problem.invalidField("expires_at", "must lie at most " + LONGEST_LIFE.toDays() + " days ahead");
        }
        return expiresAt;
    }

    String[] cidrs(List<String> texts) {
        var cidrs = new ArrayList<String>();
        for (var i = 0; i < texts.size(); i++) {
            try {
                cidrs.add(Cidr.parse(texts.get(i)).toString());
            } catch (IllegalArgumentException e) {
                throw Problem.invalidField("allowed_cidrs[" + i + "]", String.valueOf(e.getMessage()));
            }
        }
        return cidrs.stream().distinct().toArray(String[]::new);
    }

    // Teams are not there yet: no id can be one of the tenant's.
    void team(java.util.@Nullable UUID teamId) {
        if (teamId != null) {
            throw Problem.invalidField("team_id", "is not a team of this tenant");
        }
    }
}
