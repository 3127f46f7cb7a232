import java.time.Duration;

/**
 * A load until a server's compilers rest: they share the cores with what they compile, for longer the slower the machine is.
 *
 * @param share of one core that compilers took at the end
 */
record WarmUp(Duration took, double share) {

    /** Some seconds of it. */
    interface Round {
        void run() throws Exception;
    }

    // Of one core: less than this and compilers rest.
    private static final double COMPILERS_REST = 0.05;
    private static final Duration LONGEST = Duration.ofMinutes(3);

    /** @param name of what is called */
    static WarmUp of(Program server, String name, Round round) throws Exception {
        var began = System.nanoTime();
        Duration took;
        double share;
        do {
            var before = Usage.compilerNanos(server.process());
            var from = System.nanoTime();
            round.run();
            share = (double) (Usage.compilerNanos(server.process()) - before) / (System.nanoTime() - from);
            took = Duration.ofNanos(System.nanoTime() - began);
            System.out.printf("Warming up %s: compilers took %.0f %% of a core%n", name, 100 * share);
        } while (share > COMPILERS_REST && took.compareTo(LONGEST) < 0);
        return new WarmUp(took, share);
    }

    /** @param whose the server's name */
    String markdown(String whose) {
        return "%n%d s of load before, until compilers of %s took %.0f %% of a core.%n"
                .formatted(took.toSeconds(), whose, 100 * share);
    }
}
