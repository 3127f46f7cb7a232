package dev.latchkey.local;

import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The PostgreSQL and the Redis that all tests of one JVM share, fresh for each run. Started by the first who asks;
 * {@link LocalServicesResource} asks for Quarkus, other tests may ask here.
 */
public final class TestServices {

    // Quarkus loads test classes once for each application it starts, so that a static field would start several
    // services: system properties are the one place that they all share.
    private static final String MARK = "latchkey.test-services.";

    private TestServices() {}

    /** Every setting that the service needs in a test. */
    public static Map<String, String> settings() {
        synchronized (System.getProperties()) {
            if (System.getProperty(MARK + "quarkus.redis.hosts") == null) {
                start().forEach((name, value) -> System.setProperty(MARK + name, value));
            }
            var settings = new HashMap<String, String>();
            System.getProperties().forEach((name, value) -> {
                if (name.toString().startsWith(MARK)) {
                    settings.put(name.toString().substring(MARK.length()), value.toString());
                }
            });
            return settings;
        }
    }

    /** Opens a connection of its own for each call; migrations have run only if a Quarkus test ran before. */
    public static DataSource postgres() {
        var settings = settings();
        var source = new PGSimpleDataSource();
        source.setUrl(settings.get("quarkus.datasource.jdbc.url"));
        source.setUser(settings.get("quarkus.datasource.username"));
        source.setPassword(settings.get("quarkus.datasource.password"));
        return source;
    }

    /** As {@code redis://:password@127.0.0.1:port}. */
    public static String redis() {
        return settings().getOrDefault("quarkus.redis.hosts", "");
    }

    private static Map<String, String> start() {
        // Never closed: they stop, and their data goes, when this JVM ends.
        var settings = new HashMap<>(LocalServices.temporary().settings());
        settings.put("latchkey.keyset", LocalKeyset.generate());
        settings.put("latchkey.identity.bcrypt-cost", "4");
        // All tests come from one address.
        settings.put("latchkey.limits.anonymous.per-minute", "1000000");
        settings.put("latchkey.limits.anonymous.per-hour", "1000000");
        settings.put("latchkey.limits.passwords-per-minute", "1000000");
        settings.put("latchkey.admin.username", "admin");
        settings.put("latchkey.admin.email", "admin@example.test");
        settings.put("latchkey.admin.password", "correct-horse-battery-staple-test");
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.management.host", "127.0.0.1");
        return settings;
    }
}
