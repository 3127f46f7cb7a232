import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The servers, while one setup is measured.
 *
 * @param hot a file with the tokens that hot calls are about
 */
record Running(Setup setup, Machine machine, Program service, Program yardstick, Path hot) {

    /** Of loads of a constant rate, and of what is measured once. */
    static final int CONNECTIONS = 32;

    Program server(Call call) {
        return call.ofService() ? service : yardstick;
    }

    List<String> tokens() throws Exception {
        return Files.readAllLines(hot);
    }

    /** A load of a constant rate about the hot tokens. */
    Paced paced(Call call, double perSecond, Duration time) throws Exception {
        var metered = call.ofService() ? Metered.before(service, call) : null;
        var paced =
                Paced.run(server(call), Requests.turning(call, tokens()), call.success(), perSecond, time, CONNECTIONS);
        if (metered != null) {
            metered.awaitAll(paced.answers(), 0);
        }
        return paced;
    }

    /** Verifies each of the tokens once, at a constant rate, or at 0 as fast as it goes. */
    Paced each(List<String> asked, double perSecond) throws Exception {
        var call = Call.VERIFY;
        var gateway = tokens().getFirst();
        var metered = Metered.before(service, call);
        Requests requests = number -> {
            var token = asked.get((int) number);
            return Requests.of(call, gateway, token, call.body(List.of(token), 0));
        };
        var paced = perSecond == 0
                ? Paced.asFastAsItGoes(service, requests, call.success(), asked.size(), CONNECTIONS)
                : Paced.run(
                        service,
                        requests,
                        call.success(),
                        perSecond,
                        Duration.ofMillis((long) (asked.size() * 1000 / perSecond)),
                        CONNECTIONS);
        metered.awaitAll(paced.answers(), 0);
        return paced;
    }
}
