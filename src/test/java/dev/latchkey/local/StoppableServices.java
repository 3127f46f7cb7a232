package dev.latchkey.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL and a Redis of one test's own, which it may stop, kill and start again with what they had. */
public final class StoppableServices implements AutoCloseable {

    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

    private interface Reading {
        void read(BufferedReader answers) throws IOException;
    }

    private final Path root;
    private final ServiceFolder postgresFolder;
    private final ServiceFolder redisFolder;
    private LocalPostgres postgres;
    private LocalRedis redis;

    private StoppableServices(Path root) {
        this.root = root;
        postgresFolder = ServiceFolder.open(root.resolve("postgres"), true);
        redisFolder = ServiceFolder.open(root.resolve("redis"), true);
        postgres = LocalPostgres.start(postgresFolder, new LocalPort("PostgreSQL", "", 0));
        redis = LocalRedis.start(redisFolder, new LocalPort("Redis", "", 0));
        keepEachWrite();
    }

    public static StoppableServices start() {
        try {
            return new StoppableServices(Files.createTempDirectory("latchkey-stoppable-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where they are; the same after each start. */
    public Map<String, String> settings() {
        var settings = new HashMap<>(postgres.settings());
        settings.putAll(redis.settings());
        return settings;
    }

    public DataSource database() {
        var settings = postgres.settings();
        var source = new PGSimpleDataSource();
        source.setUrl(settings.get("quarkus.datasource.jdbc.url"));
        source.setUser(settings.get("quarkus.datasource.username"));
        source.setPassword(settings.get("quarkus.datasource.password"));
        return source;
    }

    public void stopPostgres() {
        postgres.close();
    }

    public void startPostgres() {
        var url = postgres.settings().getOrDefault("quarkus.datasource.jdbc.url", "");
        var port = URI.create(url.substring("jdbc:".length())).getPort();
        postgres = LocalPostgres.start(postgresFolder, new LocalPort("PostgreSQL", "", port));
    }

    public void stopRedis() {
        redis.close();
    }

    /** As {@code kill -9} does. */
    public void killRedis() {
        RunningProgram.find(redisFolder.data().resolve("redis.pid"), "redis-server")
                .orElseThrow()
                .destroyForcibly();
        redis.close();
    }

    public void startRedis() {
        redis = LocalRedis.start(redisFolder, new LocalPort("Redis", "", redisPort()));
        keepEachWrite();
    }

    /** Everything in Redis is gone, while it runs. */
    public void emptyRedis() {
        tellRedis("FLUSHALL");
    }

    /** As when the disk of Redis is lost with it: killed, and started again with nothing. */
    public void replaceRedis() {
        killRedis();
        try {
            FileTree.delete(redisFolder.data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startRedis();
    }

    /** Stops them, and removes what they kept. */
    @Override
    public void close() {
        postgres.close();
        redis.close();
        try {
            FileTree.delete(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // What docs/operations.md asks for where no event may be lost by a kill: without it, Redis may answer first and
    // write later
    // while the disk of a busy machine lags behind.
    private void keepEachWrite() {
        tellRedis("CONFIG SET appendfsync always");
    }

    /** How often Redis was given each command since it was started, by the command's name. */
    public Map<String, Long> redisCommands() {
        var calls = new HashMap<String, Long>();
        askRedis("INFO commandstats", answers -> {
            // A line with the length, a title, and an empty line at the end.
            for (var line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
                var stat = CALLS.matcher(line);
                if (stat.lookingAt()) {
                    calls.put(stat.group(1), Long.parseLong(stat.group(2)));
                }
            }
        });
        return calls;
    }

    /** The keys of Redis that are like the pattern. */
    public List<String> redisKeys(String pattern) {
        var keys = new ArrayList<String>();
        askRedis("KEYS " + pattern, answers -> {
            var count = Integer.parseInt(answers.readLine().substring(1));
            for (var i = 0; i < count; i++) {
                // Its length, and then itself.
                answers.readLine();
                keys.add(answers.readLine());
            }
        });
        return keys;
    }

    private void tellRedis(String command) {
        askRedis(command, answers -> {
            if (!"+OK".equals(answers.readLine())) {
                throw new IllegalStateException("Redis does not do it: " + command);
            }
        });
    }

    private void askRedis(String command, Reading reading) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), redisPort())) {
            var commands = "AUTH " + redisFolder.password() + "\r\n" + command + "\r\n";
            socket.getOutputStream().write(commands.getBytes(US_ASCII));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            if (!"+OK".equals(answers.readLine())) {
                throw new IllegalStateException("Redis lets nobody in");
            }
            reading.read(answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int redisPort() {
        return URI.create(redis.settings().getOrDefault("quarkus.redis.hosts", ""))
                .getPort();
    }
}
