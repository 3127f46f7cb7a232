package dev.latchkey.platform.caller;

import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The caller of the request at hand; set once by the access filter, read by everyone. */
@RequestScoped
public class CurrentCaller {

    private @Nullable Caller caller;

    public void set(Caller caller) {
        this.caller = caller;
    }

    /** Absent for anonymous calls. */
    public Optional<Caller> find() {
        return Optional.ofNullable(caller);
    }

    /** @throws Problem {@code not_authenticated} if the call is anonymous */
    public Caller get() {
        return find().orElseThrow(() -> new Problem(CommonProblem.NOT_AUTHENTICATED, "Not authenticated"));
    }
}
