package dev.latchkey.access;

import dev.latchkey.platform.caller.Access.Who;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import java.util.Optional;

/** Whether a caller may do this. Pure functions. */
final class Authorisation {

    private Authorisation() {}

    /** @throws Problem {@code insufficient_role} or {@code insufficient_scope} */
    static void check(Admission admission) {
        var rule = admission.rule();
        if (rule.who() == Who.PUBLIC) {
            return;
        }
        var caller = admission.caller().orElseThrow();
        wrongKind(rule.who(), caller).ifPresent(detail -> {
            throw new Problem(CommonProblem.INSUFFICIENT_ROLE, detail);
        });
        if (!caller.role().covers(rule.role())) {
            throw new Problem(
                            CommonProblem.INSUFFICIENT_ROLE,
                            "This takes the role " + rule.role().word())
                    .with("required_role", rule.role());
        }
        var missing = caller.scopes().missing(rule.scopes());
        if (!missing.isEmpty()) {
            throw new Problem(CommonProblem.INSUFFICIENT_SCOPE, "This takes the scope " + String.join(" ", missing))
                    .with("required_scopes", rule.scopes());
        }
    }

    private static Optional<String> wrongKind(Who who, Caller caller) {
        return switch (who) {
            case PUBLIC, ANY -> Optional.empty();
            case USER -> caller.isCredential() ? Optional.of("This takes a logged-in user") : Optional.empty();
            case CREDENTIAL ->
                caller.isCredential() ? Optional.empty() : Optional.of("This takes a credential, not a session");
        };
    }
}
