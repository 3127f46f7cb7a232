package dev.latchkey.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class SlidingWindowTest {

    private static final long LENGTH = 60_000;
    private static final long CELL = LENGTH / SlidingWindow.CELLS_PER_WINDOW;

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
                assertEquals(LENGTH, run.window.untilFits(step.limit(), step.cost()));
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

    /** A window in true time, whose clock may be behind. */
    private static final class Run {

        private final SlidingWindow window = new SlidingWindow(LENGTH);
        private final AdmissionLog log = new AdmissionLog();
        private long now;
        private long behind;

        void pass(long micros) {
            now += micros;
            window.moveTo(now - behind);
        }

        boolean admits(Step step) {
            var admitted = window.fits(step.limit(), step.cost());
            if (admitted) {
                window.admit(step.cost());
                log.add(now, step.cost());
            }
            return admitted;
        }

        long admittedWithin(long length) {
            return log.unitsWithin(length, now);
        }
    }
}
