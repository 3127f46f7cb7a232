package dev.latchkey.access;

import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.decision.Limiter;
import dev.latchkey.lease.Leases;
import dev.latchkey.limit.LimitAnswer;
import dev.latchkey.limit.LimitRequest;
import dev.latchkey.platform.http.RequestFacts;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/** What it costs an address to have a text looked at. */
@ApplicationScoped
public class Costs {

    private final CredentialLookup credentials;
    private final Budgets budgets;
    private final Leases leases;
    private final Limiter limiter;

    Costs(CredentialLookup credentials, Budgets budgets, Leases leases, Limiter limiter) {
        this.leases = leases;
        this.credentials = credentials;
        this.budgets = budgets;
        this.limiter = limiter;
    }

    /** Has the text looked at once its address has paid for the work, if there is any; fails with {@code rate_limited} if it cannot. */
    public <T> Uni<T> paid(String text, RequestFacts request, Supplier<Uni<T>> look) {
        return switch (credentials.work(text)) {
            case NONE -> look.get();
            case SIGNATURE -> signature(request, look);
            case HASH -> paid(budgets.ofHashes(request.address()), look);
        };
    }

    // A signature costs more than anything else here: the address pays, from a budget of its own, before it is checked.
    // Once for each token and replica: it is remembered then.
    <T> Uni<T> signature(RequestFacts request, Supplier<Uni<T>> look) {
        return paid(budgets.ofSignatures(request.address()), look);
    }

    private <T> Uni<T> paid(LimitRequest budget, Supplier<Uni<T>> look) {
        // Whatever a lease grants, it admits.
        if (leases.decide(budget) != null) {
            return look.get();
        }
        return limiter.decide(budget)
                .chain(decision ->
                        decision.allowed() ? look.get() : Uni.createFrom().failure(LimitAnswer.refusal(decision)));
    }
}
