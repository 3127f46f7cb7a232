import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** wrk, and what it saw. */
record Load(long requests, double seconds, double p50Millis, double p99Millis) {

    // From this figure on, load.lua counts what went wrong.
    private static final int ERRORS = 5;

    /**
     * @param cpuMicros for each request, of the server, of Redis, of PostgreSQL
     * @param settled how long after the load the last event was in PostgreSQL
     */
    record Outcome(Load load, List<Double> cpuMicros, double residentMib, Duration settled) {
        double rate() {
            return load.requests / load.seconds;
        }
    }

    /** @throws Failure if one answer was no success, or did not come; too few in that time are no failure */
    static Load run(String base, Call call, Path tokens, int connections, Duration time)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("wrk", "-t2", "-c" + connections, "-d" + time.toSeconds() + "s"));
        command.addAll(List.of("--timeout", "10s", "-s", "bench/load.lua", base, "--"));
        var caller = call.caller() == Call.Caller.GATEWAY ? Tokens.gateway(tokens) : "";
        command.addAll(List.of(tokens.toString(), call.method(), call.path(), call.body(), caller));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        var line = output.lines().filter(one -> one.startsWith("done ")).findFirst();
        if (process.waitFor() != 0 || line.isEmpty()) {
            throw new Failure("wrk failed:\n" + output);
        }
        var figures = Arrays.stream(line.get().substring(5).split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
        if (Arrays.stream(figures, ERRORS, figures.length).sum() > 0) {
            throw new Failure(call.name() + " was not always answered, or not with success:\n" + output);
        }
        return new Load(figures[0], figures[1] / 1e6, figures[2] / 1e3, figures[3] / 1e3);
    }

    Outcome with(List<Double> cpuMicros, double residentMib, Duration settled) {
        return new Outcome(this, cpuMicros, residentMib, settled);
    }
}
