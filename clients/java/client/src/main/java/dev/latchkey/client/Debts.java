package dev.latchkey.client;

import java.util.LinkedHashMap;

/**
 * What uses of kept answers owe to limits, by question. Only what was valid once owes something, so that no garbage pushes a debt out. For one
 * thread at a time.
 */
final class Debts {

    static final long NO_LIMIT = Long.MAX_VALUE / 4;

    private final int entriesMax;
    private final LinkedHashMap<Question, Debt> debts = new LinkedHashMap<>(16, 0.75f, true);

    Debts(int entriesMax) {
        this.entriesMax = entriesMax;
    }

    /** @param costMax what the smallest limit of the question has */
    void add(Question question, long units, long costMax) {
        var debt = debts.computeIfAbsent(question, one -> new Debt());
        debt.units += units;
        debt.costMax = costMax;
        if (debts.size() > entriesMax) {
            debts.remove(debts.keySet().iterator().next());
        }
    }

    /** What goes with a question of this cost, and is owed no more. */
    long take(Question question, long cost) {
        var debt = debts.get(question);
        if (debt == null) {
            return 0;
        }
        // A limit that is smaller than what is owed would refuse for ever.
        var taken = Math.max(0, Math.min(debt.units, debt.costMax - cost));
        debt.units = 0;
        return taken;
    }

    /** It was not charged after all. */
    void giveBack(Question question, long units) {
        if (units > 0) {
            var debt = debts.get(question);
            add(question, units, debt == null ? NO_LIMIT : debt.costMax);
        }
    }

    void bound(Question question, long costMax) {
        var debt = debts.get(question);
        if (debt != null) {
            debt.costMax = costMax;
        }
    }

    /** A question was charged, with all that it owed. */
    void settle(Question question) {
        var debt = debts.get(question);
        if (debt != null && debt.units == 0) {
            debts.remove(question);
        }
    }

    private static final class Debt {
        private long units;
        private long costMax = NO_LIMIT;
    }
}
