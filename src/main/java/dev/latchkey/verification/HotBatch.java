package dev.latchkey.verification;

import dev.latchkey.credential.Credential;
import dev.latchkey.credential.CredentialLookup;
import dev.latchkey.platform.http.RequestFacts;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The short way of a batch, of which every question is plain, and about a usable credential that this replica knows. */
@Singleton
class HotBatch {

    /** Of a batch: many batches of many questions each would take more memory than there is. */
    static final int MOST_AT_ONCE = 25;

    private static final Logger LOG = Logger.getLogger(HotBatch.class);

    private final CredentialLookup credentials;
    private final Verifier verifier;
    private final PlainQuestions plain;

    HotBatch(CredentialLookup credentials, Verifier verifier, PlainQuestions plain) {
        this.credentials = credentials;
        this.verifier = verifier;
        this.plain = plain;
    }

    /**
     * Decides all; or does nothing and answers false, where another way must be taken.
     *
     * @param then gets, on the caller's context, the outcomes in the order of the questions; empty are those that could not be decided
     */
    boolean isDecided(Credential caller, Buffer body, RequestFacts facts, Consumer<List<Optional<Outcome>>> then) {
        var questions = plain.readBatch(body, caller.tenantId(), facts);
        var found = new ArrayList<Credential>(questions.size());
        for (var question : questions) {
            credentials
                    .glance(question.text(), question.address())
                    .filter(credential -> verifier.permits(question, credential))
                    .ifPresent(found::add);
        }
        if (questions.isEmpty() || found.size() < questions.size()) {
            return false;
        }
        credentials.countValid(caller);
        found.forEach(credentials::countValid);
        new Decisions(questions, found, then).next();
        return true;
    }

    private final class Decisions {

        private final List<Question> questions;
        private final List<Credential> found;
        private final Consumer<List<Optional<Outcome>>> then;
        private final List<Optional<Outcome>> outcomes;
        private final BitSet arrived = new BitSet();
        private int begun;
        private int open;

        private Decisions(List<Question> questions, List<Credential> found, Consumer<List<Optional<Outcome>>> then) {
            this.questions = questions;
            this.found = found;
            this.then = then;
            this.outcomes = new ArrayList<>(Collections.nCopies(questions.size(), Optional.empty()));
        }

        private void next() {
            var until = Math.min(questions.size(), begun + MOST_AT_ONCE);
            open = until - begun;
            while (begun < until) {
                decide(begun++);
            }
        }

        private void decide(int place) {
            try {
                verifier.decide(questions.get(place), found.get(place), outcome -> arrive(place, outcome));
            } catch (RuntimeException e) {
                // The others are decided, and what they cost is taken: whoever asked must hear of it.
                LOG.error("A question could not be decided", e);
                arrive(place, Optional.empty());
            }
        }

        private void arrive(int place, Optional<Outcome> outcome) {
            if (arrived.get(place)) {
                return;
            }
            arrived.set(place);
            outcomes.set(place, outcome);
            open--;
            if (open == 0 && begun < questions.size()) {
                next();
            } else if (open == 0) {
                then.accept(outcomes);
            }
        }
    }
}
