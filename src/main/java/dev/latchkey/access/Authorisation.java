package dev.latchkey.access;

import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.util.Optional;

/** Whether a caller may do this. Pure functions. */
final class Authorisation {

    private Authorisation() {}

    static boolean allows(Admission admission) {
        return refusal(admission).isEmpty();
    }

    /** @throws Problem {@code insufficient_role} or {@code insufficient_scope} */
    static void check(Admission admission) {
        refusal(admission).ifPresent(problem -> {
            throw problem;
        });
    }

    private static Optional<Problem> refusal(Admission admission) {
        var rule = admission.rule();
        if (rule.who() == Who.PUBLIC || rule.who() == Who.ANYONE) {
            return Optional.empty();
        }
        var caller = admission.caller().orElseThrow();
        return wrongKind(rule.who(), caller)
                .map(detail -> new Problem(CommonProblem.INSUFFICIENT_ROLE, detail))
                .or(() -> wrongRole(rule, caller))
                .or(() -> wrongScopes(rule, caller));
    }

    private static Optional<Problem> wrongRole(AccessRule rule, Caller caller) {
        return caller.role().covers(rule.role())
                ? Optional.empty()
                : Optional.of(new Problem(
                                CommonProblem.INSUFFICIENT_ROLE,
                                "This takes the role " + rule.role().word())
                        .with("required_role", rule.role()));
    }

    private static Optional<Problem> wrongScopes(AccessRule rule, Caller caller) {
        var missing = caller.scopes().missing(rule.scopes());
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                                CommonProblem.INSUFFICIENT_SCOPE, "This takes the scope " + String.join(" ", missing))
                        .with("required_scopes", rule.scopes()));
    }

    private static Optional<String> wrongKind(Who who, Caller caller) {
        return switch (who) {
            case PUBLIC, ANYONE, ANY -> Optional.empty();
            case USER -> caller.isCredential() ? Optional.of("This takes a logged-in user") : Optional.empty();
            case CREDENTIAL ->
                caller.isCredential() ? Optional.empty() : Optional.of("This takes a credential, not a session");
        };
    }
}
