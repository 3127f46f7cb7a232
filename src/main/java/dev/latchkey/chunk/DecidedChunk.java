package dev.latchkey.chunk;

import dev.latchkey.chunk.Outcome.Refilled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chunk with what was decided about each use.
 *
 * @param outcomes one for each use, or none at all if every use tells its status itself
 */
public record DecidedChunk(Chunk chunk, List<Outcome> outcomes) {

    // From here on a use was not let through, for whatever reason.
    private static final int REFUSED_FROM = 400;

    /** @throws IllegalArgumentException if the outcomes are not those of the chunk */
    public DecidedChunk {
        outcomes = List.copyOf(outcomes);
        var uses = chunk.uses();
        if (outcomes.isEmpty()
                ? uses.stream().anyMatch(use -> use.status() == Use.UNDECIDED)
                : outcomes.size() != uses.size()) {
            throw new IllegalArgumentException(outcomes.size() + " outcomes for " + uses.size() + " uses");
        }
        for (var i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).refilled().isPresent()
                    && uses.get(i).creditAccount().isEmpty()) {
                throw new IllegalArgumentException("a refill without an account");
            }
            var use = uses.get(i);
            var policies = use.decidingPolicies().size() + use.shadowPolicies().size();
            if (outcomes.get(i).violated() >>> policies != 0) {
                throw new IllegalArgumentException("a limit refused that was not asked");
            }
        }
    }

    /** A chunk whose uses tell their status themselves. */
    public static DecidedChunk of(Chunk chunk) {
        return new DecidedChunk(chunk, List.of());
    }

    /** The status of the use at this place; {@link Use#UNDECIDED} for one that does not count here. */
    public int status(int place) {
        var status = chunk.uses().get(place).status();
        return status == Use.UNDECIDED ? outcomes.get(place).status() : status;
    }

    /** Whether the use at this place counts; if not, another chunk has it. */
    public boolean isDecided(int place) {
        return status(place) != Use.UNDECIDED;
    }

    public boolean isRefused(int place) {
        return status(place) >= REFUSED_FROM;
    }

    /** The names of the limits that refused the use at this place. */
    public List<String> violated(int place) {
        return violated(place, chunk.uses().get(place).decidingPolicies(), 0);
    }

    /** The names of those that only watch, and would have refused it. */
    public List<String> shadowViolated(int place) {
        var use = chunk.uses().get(place);
        return violated(place, use.shadowPolicies(), use.decidingPolicies().size());
    }

    private List<String> violated(int place, List<String> names, int from) {
        var bits = outcomes.isEmpty() ? 0 : outcomes.get(place).violated() >>> from;
        if (bits == 0) {
            return List.of();
        }
        var violated = new ArrayList<String>();
        for (var i = 0; i < names.size(); i++) {
            if ((bits >>> i & 1) == 1) {
                violated.add(names.get(i));
            }
        }
        return violated;
    }

    /** What the decision of the use at this place added to its account. */
    public Optional<Refilled> refilled(int place) {
        return outcomes.isEmpty() ? Optional.empty() : outcomes.get(place).refilled();
    }
}
