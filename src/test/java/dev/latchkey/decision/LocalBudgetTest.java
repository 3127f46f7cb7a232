package dev.latchkey.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.limit.Budget;
import dev.latchkey.limit.Policy;
import dev.latchkey.limit.Window;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What a window promises, on the plain object; {@link LimitScriptTest} shows that the script in Redis decides alike. */
class LocalBudgetTest {

    private static final long LENGTH = 60_000;
    private static final long CELL = LENGTH / CellWindow.CELLS_PER_WINDOW;

    @Property
    void neverAdmitsMoreThanTheLimitInAnySpanOfTheLength(@ForAll("histories") List<Step> history) {
        var run = new Run();
        for (var step : history) {
            run.pass(step.gap());
            if (run.admits(step)) {
                assertTrue(run.admittedWithin(LENGTH) <= step.limit());
            }
        }
    }

    @Property
    void admitsWhateverHasRoomInTheSpanAndOneCellMore(@ForAll("histories") List<Step> history) {
        var run = new Run();
        for (var step : history) {
            run.pass(step.gap());
            var room = step.limit() - run.admittedWithin(LENGTH + CELL);
            assertTrue(run.admits(step) || step.cost() > room);
        }
    }

    @Property
    void saysExactlyWhenTheSameCostIsAdmitted(@ForAll("histories") List<Step> history) {
        var run = new Run();
        for (var step : history) {
            run.pass(step.gap());
            if (step.cost() > step.limit()) {
                assertEquals(Policy.NEVER_MICROS, run.window.untilFits(step.limit(), step.cost()));
            } else if (!run.admits(step)) {
                var wait = run.window.untilFits(step.limit(), step.cost());
                assertTrue(wait > 0 && wait <= LENGTH);
                run.pass(wait - 1);
                assertFalse(run.window.fits(step.limit(), step.cost()));
                run.pass(1);
                assertTrue(run.window.fits(step.limit(), step.cost()));
            }
        }
    }

    @Property
    void saysExactlyWhenTheNextUnitIsGivenBack(@ForAll("histories") List<Step> history) {
        var run = new Run();
        for (var step : history) {
            run.pass(step.gap());
            run.admits(step);
            assertEquals(run.window.used() == 0, run.window.untilNextIsFree() == 0);
            assertTrue(run.window.untilNextIsFree() <= LENGTH);
        }
        while (run.window.used() > 0) {
            var used = run.window.used();
            run.pass(run.window.untilNextIsFree() - 1);
            assertEquals(used, run.window.used());
            run.pass(1);
            assertTrue(run.window.used() < used);
        }
    }

    @Property
    void givesALoneUnitBackExactlyOneLengthLater(@ForAll @LongRange(max = 4_000_000_000_000_000L) long time) {
        var run = new Run();
        run.pass(time);
        assertTrue(run.admits(new Step(0, 1, 1)));
        run.pass(LENGTH - 1);
        assertFalse(run.admits(new Step(0, 1, 1)));
        run.pass(1);
        assertTrue(run.admits(new Step(0, 1, 1)));
    }

    @Property
    void neverAdmitsTooMuchAndNeverLocksUpWhenTheClockIsSetBack(
            @ForAll("histories") List<Step> history, @ForAll("stepsBack") List<Long> stepsBack) {
        var run = new Run();
        for (var i = 0; i < history.size(); i++) {
            run.behind += i < stepsBack.size() ? stepsBack.get(i) : 0;
            run.pass(history.get(i).gap());
            if (run.admits(history.get(i))) {
                assertTrue(run.admittedWithin(LENGTH) <= history.get(i).limit());
            }
            assertTrue(run.window.used() >= 0 && run.window.untilNextIsFree() <= LENGTH);
        }
        run.pass(LENGTH);
        assertEquals(0, run.window.used());
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Step.around(LENGTH).filter(step -> step.cost() > 0).list().ofMaxSize(200);
    }

    @Provide
    Arbitrary<List<Long>> stepsBack() {
        return Arbitraries.longs().between(0, 5 * LENGTH).list().ofMaxSize(200);
    }

    @Property
    void severalWindowsHoldEachOnItsOwnWhateverTheOthersAre(@ForAll("histories") List<Step> history) {
        var lengths = List.of(LENGTH, 7 * LENGTH, 100 * LENGTH);
        var run = new Run(lengths);
        for (var step : history) {
            run.pass(step.gap());
            if (run.admits(step)) {
                for (var i = 0; i < lengths.size(); i++) {
                    assertTrue(run.admittedWithin(lengths.get(i)) <= step.limit() * (i + 1));
                }
            }
        }
    }

    @Property
    void whatIsUsedLaterIsGivenBackLater(
            @ForAll("histories") List<Step> history, @ForAll @LongRange(max = LENGTH / 10) long delay) {
        var run = new Run();
        for (var step : history) {
            run.pass(step.gap());
            // Used at the last moment.
            if (run.admits(step, delay)) {
                assertTrue(run.admittedWithin(LENGTH) <= step.limit());
            }
        }
    }

    /** A budget in true time, whose clock may be behind. */
    private static final class Run {

        private final OneWindow window;
        private final AdmissionLog log = new AdmissionLog();
        private final List<Long> lengths;
        // Far enough from zero that a clock that was set back is still after the epoch, as real ones are.
        private long now = 1_000_000_000;
        private long behind;

        Run() {
            this(List.of(LENGTH));
        }

        Run(List<Long> lengths) {
            this.lengths = lengths;
            this.window = new OneWindow(budget(1));
        }

        private Budget budget(long limit) {
            return new Budget(
                    "test:x",
                    IntStream.range(0, lengths.size())
                            .mapToObj(i -> new Window(
                                    "w" + i, limit * (i + 1), Duration.of(lengths.get(i), ChronoUnit.MICROS)))
                            .toList());
        }

        void pass(long micros) {
            now += micros;
            window.state.moveTo(now - behind);
        }

        boolean admits(Step step) {
            return admits(step, 0);
        }

        boolean admits(Step step, long delay) {
            var policies = budget(step.limit()).policies();
            var admitted = IntStream.range(0, policies.size())
                    .allMatch(i -> window.state.untilFits(i, policies.get(i), step.cost()) == 0);
            if (admitted) {
                window.state.take(step.cost(), delay);
                log.add(now + delay, step.cost());
            }
            return admitted;
        }

        long admittedWithin(long length) {
            return log.unitsWithin(length, now);
        }
    }

    /** The first window of a budget. */
    private record OneWindow(LocalBudget state) {

        OneWindow(Budget budget) {
            this(new LocalBudget(budget));
        }

        long used() {
            return state.used(0);
        }

        long untilNextIsFree() {
            return state.untilNextIsFree(0);
        }

        long untilFits(long limit, long cost) {
            return state.untilFits(0, new Window("w0", limit, Duration.of(LENGTH, ChronoUnit.MICROS)), cost);
        }

        boolean fits(long limit, long cost) {
            return untilFits(limit, cost) == 0;
        }
    }
}
