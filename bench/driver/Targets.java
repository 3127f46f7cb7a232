import java.util.ArrayList;
import java.util.List;

/** What the service should reach, and what this run saw. */
final class Targets {

    private record Target(String name, String measured, boolean met) {}

    private final List<Target> targets = new ArrayList<>();

    void atLeast(double least, String name, double measured) {
        add("%s: at least %.2f".formatted(name, least), "%.2f".formatted(measured), measured >= least);
    }

    /** @param unit with a blank before it; empty for a ratio */
    void atMost(double most, String unit, String name, double measured) {
        add(
                "%s: at most %s%s".formatted(name, plain(most), unit),
                "%.2f%s".formatted(measured, unit),
                measured <= most);
    }

    void add(String name, String measured, boolean met) {
        targets.add(new Target(name, measured, met));
        System.out.println((met ? "met:     " : "not met: ") + name + "; measured: " + measured);
    }

    String markdown() {
        var page = new StringBuilder("## Targets\n\n| target | measured | met |\n|---|---|---|\n");
        targets.forEach(target -> page.append(
                "| %s | %s | %s |%n".formatted(target.name, target.measured, target.met ? "yes" : "**no**")));
        return page.toString();
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? "%.0f".formatted(number) : "%.2f".formatted(number);
    }
}
