package dev.latchkey.local;

import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Starts, before Quarkus, what has no configured address, and tells Quarkus of it by system properties. */
public final class LocalStart {

    private static final String DATABASE = "quarkus.datasource.jdbc.url";
    private static final String REDIS = "quarkus.redis.hosts";
    private static final String KEYSET = "latchkey.keyset";
    private static final String JOURNAL = "latchkey.journal.directory";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

    private final SmallRyeConfig config;

    // Quarkus' own configuration must not be made before Quarkus is: this reads what an operator sets, and no more.
    private LocalStart() {
        config = new SmallRyeConfigBuilder()
                .addSystemSources()
                .withSources(new DotEnvConfigSourceProvider())
                .addDefaultInterceptors()
                .build();
    }

    /**
     * Does nothing where every address is configured, and at a live reload, where it finds the addresses it set before.
     *
     * @throws LocalProblem if a person has to mend something first
     */
    public static void startWhatIsMissing() {
        var start = new LocalStart();
        if (start.isAllowed()) {
            start.run();
        }
    }

    private boolean isAllowed() {
        return switch (text("latchkey.local-services", "auto")) {
            case "auto" -> true;
            case "never" -> false;
            case String other ->
                throw new LocalProblem(
                        "LATCHKEY_LOCAL_SERVICES is \"" + other + "\". It may be \"auto\" (Latchkey starts the"
                                + " PostgreSQL and the Redis that have no configured address) or \"never\".");
        };
    }

    private void run() {
        var folder =
                Path.of(text("latchkey.data-dir", ".latchkey")).toAbsolutePath().normalize();
        var missing = new ArrayList<Supplier<LocalService>>();
        var ownsDatabase = isMissing(DATABASE);
        if (ownsDatabase || isMissing(REDIS)) {
            refuseForOthers(ownsDatabase ? DATABASE : REDIS);
        }
        if (ownsDatabase) {
            var port = port("PostgreSQL", "LATCHKEY_LOCAL_POSTGRES_PORT");
            missing.add(() -> LocalPostgres.start(ServiceFolder.open(folder.resolve("postgres"), true), port));
        }
        if (isMissing(REDIS)) {
            var port = port("Redis", "LATCHKEY_LOCAL_REDIS_PORT");
            missing.add(() -> LocalRedis.start(ServiceFolder.open(folder.resolve("redis"), true), port));
        }
        if (missing.isEmpty()) {
            return;
        }
        var services = LocalServices.start(missing);
        if (ownsDatabase && isMissing(KEYSET) && isMissing(KEYSET + ".file")) {
            System.setProperty(KEYSET, LocalKeyset.in(folder.resolve("keyset.json")));
        }
        // What it keeps is for that database.
        if (ownsDatabase && isMissing(JOURNAL)) {
            System.setProperty(JOURNAL, folder.resolve("journal").toString());
        }
        services.settings().forEach(System::setProperty);
        listenOnLoopback("quarkus.http.host");
        listenOnLoopback("quarkus.management.host");
        System.out.println("Latchkey keeps its data in " + folder);
        services.greetings().forEach(System.out::println);
    }

    // A forgotten secret must not make an empty installation of one that others use.
    private void refuseForOthers(String missing) {
        var host = text("quarkus.http.host", "127.0.0.1");
        if (!LOOPBACK.contains(host)) {
            throw new LocalProblem(missing.toUpperCase(Locale.ROOT).replace('.', '_')
                    + " is missing, while QUARKUS_HTTP_HOST is " + host
                    + ": what others reach does not run on a PostgreSQL or a Redis of its own. Set it.");
        }
    }

    // Who has configured no database has not thought of who may reach this either.
    private void listenOnLoopback(String host) {
        if (isMissing(host)) {
            System.setProperty(host, "127.0.0.1");
        }
    }

    private LocalPort port(String service, String variable) {
        var text = text(variable, "0");
        try {
            return new LocalPort(service, variable, Integer.parseInt(text));
        } catch (IllegalArgumentException e) {
            throw new LocalProblem(variable + " is \"" + text
                    + "\". It may be a port from 1 to 65535, or be left out: then any" + " free port is taken.");
        }
    }

    private boolean isMissing(String name) {
        return text(name, "").isEmpty();
    }

    private String text(String name, String otherwise) {
        return config.getOptionalValue(name, String.class).orElse(otherwise);
    }
}
