import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** OAuth connections: a token that is live, read by many credentials. */
final class Connections {

    private static final String NEW = """
            {"name":"bench","scopes":["read:connections"],
             "rate_limits":{"per_minute":100000000,"per_hour":1000000000,"per_day":1000000000}}""";
    // One that lives for long, as another service had it: no provider is asked.
    private static final String CONNECTION = """
            {"client_id":"bench","client_secret":"none","redirect_uri":"http://localhost/callback","branch_id":"bench",\
            "workspace_email":"bench@example.test","workspace_name":"Bench",\
            "token":{"access_token":"%s","refresh_token":"none","expires_at":"2100-01-01T00:00:00Z"}}""".formatted("a".repeat(200));
    private static final int AT_A_TIME = 8;

    private final Plan plan;
    private final Machine machine;
    private final Targets targets;
    private String table = "";

    Connections(Plan plan, Machine machine, Targets targets) {
        this.plan = plan;
        this.machine = machine;
        this.targets = targets;
    }

    void measure(Setup setup) throws Exception {
        var readers = machine.file("readers");
        var call = Call.CONNECTION;
        try (var service = machine.startService(setup)) {
            var session = Tokens.session(service);
            Http.text(
                    "POST",
                    service.base() + "/token-management/migration/import",
                    session,
                    CONNECTION,
                    Http.JSON_LINES);
            Files.write(readers, readers(service, session));
            Files.writeString(
                    machine.sample(),
                    Http.text(
                            "GET",
                            service.base() + call.path(),
                            Files.readAllLines(readers).getFirst(),
                            ""));
        }
        try (var yardstick = machine.startYardstick();
                var service = machine.startService(setup)) {
            var hot = new Hot(plan, call, service, yardstick, readers);
            targets.atLeast(0.50, "a live connection's token of bare, leases, 32 connections", hot.measure());
            table = hot.markdown();
        }
    }

    String markdown() {
        return table;
    }

    private List<String> readers(Program service, String session) throws Exception {
        Callable<String> creation = () -> Http.json("POST", service.base() + "/api/v1/tokens", session, NEW)
                .path("token")
                .textValue();
        var texts = new ArrayList<String>();
        try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            for (var text : threads.invokeAll(Collections.nCopies(plan.leased(), creation))) {
                texts.add(text.get());
            }
        }
        return texts;
    }
}
