package dev.latchkey.decision;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** One call in a generated history: so long after the one before, for so much, under such a limit. */
record Step(long gap, long cost, long limit) {

    /** Gaps around every edge of a window of the given length and of its cells, most of them short, and limits that change now and then. */
    static Arbitrary<Step> around(long length) {
        var cell = length / CellWindow.CELLS_PER_WINDOW;
        var gaps = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(0, cell)),
                Tuple.of(4, Arbitraries.longs().between(0, length / 10)),
                Tuple.of(2, Arbitraries.longs().between(0, length)),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                cell - 1, cell, cell + 1, length - cell, length - 1, length, length + 1, 3 * length)));
        var limits = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.just(5L)),
                Tuple.of(1, Arbitraries.longs().between(0, 9)));
        var costs = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(1L)),
                Tuple.of(2, Arbitraries.longs().between(0, 6)));
        return Combinators.combine(gaps, costs, limits).as(Step::new);
    }
}
