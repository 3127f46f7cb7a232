import java.util.List;

/** What is said of several measurements of the same. */
final class Figures {

    private Figures() {}

    static double median(List<Double> figures) {
        var sorted = figures.stream().sorted().toList();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Median (least to most). */
    static String spread(List<Double> figures, String format) {
        var sorted = figures.stream().sorted().toList();
        return (format + " (" + format + " to " + format + ")")
                .formatted(median(sorted), sorted.getFirst(), sorted.getLast());
    }
}
