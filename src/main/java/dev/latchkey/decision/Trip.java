package dev.latchkey.decision;

import dev.latchkey.decision.DecisionScript.Question;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Requests that are decided together, and their notes. */
record Trip(List<Passenger> passengers, Optional<NoteWriter.Entry> entry) {

    static Trip of(List<Passenger> passengers, Optional<NoteWriter> writer) {
        var notes = new ArrayList<Note>();
        for (var passenger : passengers) {
            passenger.note().ifPresent(notes::add);
        }
        return new Trip(passengers, notes.isEmpty() ? Optional.empty() : writer.map(one -> one.entry(notes)));
    }

    List<Question> questions() {
        var questions = new ArrayList<Question>(passengers.size());
        for (var passenger : passengers) {
            questions.add(Question.of(
                    passenger.request(), entry.isPresent() && passenger.note().isPresent()));
        }
        return questions;
    }

    /** The outcomes of those with a note, as statuses of HTTP. */
    List<Integer> statuses(List<LimitDecision> decisions) {
        var statuses = new ArrayList<Integer>();
        for (var i = 0; i < passengers.size(); i++) {
            if (passengers.get(i).note().isPresent()) {
                statuses.add(status(decisions.get(i)));
            }
        }
        return statuses;
    }

    private static int status(LimitDecision decision) {
        if (decision.allowed()) {
            return 200;
        }
        return decision.decidedBy() == DecidedBy.CLOSED ? 503 : 429;
    }

    /** How many of those with a note were decided: the others come again, with another entry. */
    int noted(List<Optional<LimitDecision>> decisions) {
        var noted = 0;
        for (var i = 0; i < passengers.size(); i++) {
            noted += passengers.get(i).note().isPresent() && decisions.get(i).isPresent() ? 1 : 0;
        }
        return noted;
    }

    void arrive(List<LimitDecision> decisions) {
        for (var i = 0; i < passengers.size(); i++) {
            passengers.get(i).answer(decisions.get(i));
        }
    }

    /** Those who are answered get their answers. */
    void arrivePartly(List<Optional<LimitDecision>> decisions, Consumer<Passenger> others) {
        for (var i = 0; i < passengers.size(); i++) {
            var passenger = passengers.get(i);
            decisions.get(i).ifPresentOrElse(passenger::answer, () -> others.accept(passenger));
        }
    }
}
