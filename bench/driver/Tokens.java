import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The tokens of the load, made as every client makes them. */
final class Tokens {

    // Limits that no run reaches: what is refused costs something else. In Redis, deciding costs the same whatever the
    // limit;
    // leases are for limits as generous as these.
    private static final String NEW = """
            {"name":"bench %d","scopes":["read:audits","verify:tokens"],
             "rate_limits":{"per_minute":100000000,"per_hour":1000000000,"per_day":1000000000}}""";
    private static final int AT_A_TIME = 8;

    private Tokens() {}

    /** Writes their texts into the file, one a line. */
    static void create(Program service, int count, Path file) throws Exception {
        var session = session(service);
        var creations = new ArrayList<Callable<String>>();
        for (var i = 0; i < count; i++) {
            var body = NEW.formatted(i);
            creations.add(() -> Http.json("POST", service.base() + "/api/v1/tokens", session, body)
                    .path("token")
                    .textValue());
        }
        Files.write(file, all(creations));
    }

    /** The access token of the administrator. */
    static String session(Program service) throws Exception {
        var login = "{\"username\":\"admin\",\"password\":\"" + Machine.ADMIN_PASSWORD + "\"}";
        return Http.json("POST", service.base() + "/api/auth/login", "", login)
                .path("access_token")
                .textValue();
    }

    /** The token that asks about the others. */
    static String gateway(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElseThrow();
        }
    }

    /** The answers of the call for each token, or for each hundred of them, in the order of the file. */
    static List<String> each(Program service, Call call, Path file) throws Exception {
        var tokens = Files.readAllLines(file);
        var gateway = gateway(file);
        return all(IntStream.iterate(0, i -> i < tokens.size(), i -> i + call.step())
                .<Callable<String>>mapToObj(i -> () -> Http.text(
                        call.method(),
                        service.base() + call.path(),
                        call.credential(gateway, tokens.get(i)),
                        call.body(tokens, i)))
                .toList());
    }

    private static List<String> all(List<Callable<String>> calls) throws Exception {
        try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            var answers = new ArrayList<String>();
            for (var answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
