package dev.latchkey.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A Redis Cluster of three masters without replicas, on loopback and with a password; a node may be killed, and started again with what it had. */
public final class RedisCluster implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final int BUS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ANSWER_WITHIN_MILLIS = 5000;

    private final Path root;
    private final List<Node> nodes = new ArrayList<>();

    private RedisCluster(Path root) {
        this.root = root;
    }

    public static RedisCluster start() {
        try {
            var cluster = new RedisCluster(Files.createTempDirectory("latchkey-cluster-"));
            for (var i = 0; i < MASTERS; i++) {
                var folder = ServiceFolder.open(cluster.root.resolve("node" + i), true);
                cluster.nodes.add(new Node(folder, cluster.password()));
            }
            cluster.nodes.forEach(Node::start);
            cluster.join();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What leads an instance here. */
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.redis.client-type",
                "cluster",
                "quarkus.redis.hosts",
                nodes.stream()
                        .map(node -> "redis://:" + password() + "@127.0.0.1:" + node.port)
                        .collect(Collectors.joining(",")));
    }

    /** As {@code kill -9} does; the others notice after a second. */
    public void kill(int node) {
        nodes.get(node).kill();
    }

    public void startAgain(int node) {
        nodes.get(node).start();
        awaitWhole();
    }

    /** How many of our keys each node has. */
    public List<Integer> keysOfNodes() {
        return nodes.stream().map(node -> Integer.parseInt(node.ask("DBSIZE"))).toList();
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        try {
            FileTree.delete(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That of all nodes. */
    public String password() {
        return ServiceFolder.open(root.resolve("node0"), true).password();
    }

    private void join() {
        for (var i = 0; i < MASTERS; i++) {
            var slots = IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" "));
            nodes.get(i).ask("CLUSTER ADDSLOTS " + slots);
            nodes.get(i).ask("CLUSTER SET-CONFIG-EPOCH " + (i + 1));
            if (i > 0) {
                nodes.get(i).ask("CLUSTER MEET 127.0.0.1 " + nodes.getFirst().port);
            }
        }
        awaitWhole();
    }

    private void awaitWhole() {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!nodes.stream().allMatch(Node::knowsAWholeCluster)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("The cluster does not come together");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class Node {

        private final ServiceFolder folder;
        private final String password;
        // The nodes talk to each other so many ports higher.
        private final int port = FreePort.choose(BUS);
        private @Nullable Watchdog process;

        private Node(ServiceFolder folder, String password) {
            this.folder = folder;
            this.password = password;
        }

        private void start() {
            var server = Watchdog.over(folder, "TERM", List.of(Programs.redis().toString(), configuration()));
            process = server;
            if (!server.reaches(this::answers, PATIENCE)) {
                throw folder.failed("A node of the cluster");
            }
        }

        private void kill() {
            RunningProgram.find(pidFile(), "redis-server").orElseThrow().destroyForcibly();
            close();
        }

        private void close() {
            if (process != null) {
                process.close();
            }
        }

        private boolean answers() {
            try {
                return ask("PING").equals("PONG");
            } catch (UncheckedIOException e) {
                return false;
            }
        }

        private boolean knowsAWholeCluster() {
            var info = ask("CLUSTER INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + MASTERS);
        }

        private String ask(String command) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
                socket.getOutputStream().write(("AUTH " + password + "\r\n" + command + "\r\n").getBytes(US_ASCII));
                var answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                if (!"+OK".equals(answers.readLine())) {
                    throw new IOException("Redis does not know its password yet");
                }
                return text(answers);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String text(BufferedReader answers) throws IOException {
            var first = answers.readLine();
            if (first == null || first.startsWith("-")) {
                throw new IOException("Redis answered " + first);
            }
            if (!first.startsWith("$")) {
                return first.substring(1);
            }
            var text = new char[Integer.parseInt(first.substring(1))];
            for (var read = 0; read < text.length; ) {
                read += Math.max(0, answers.read(text, read, text.length - read));
            }
            return new String(text);
        }

        private String configuration() {
            var file = folder.path().resolve("redis.conf");
            try {
                Files.createDirectories(folder.data());
                OwnerFile.write(file, """
                        bind 127.0.0.1
                        port %d
                        requirepass %s
                        dir %s
                        pidfile %s
                        appendonly yes
                        appendfsync always
                        save ""
                        cluster-enabled yes
                        cluster-node-timeout 1000
                        """.formatted(port, password, folder.data(), pidFile()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return file.toString();
        }

        private Path pidFile() {
            return folder.data().resolve("redis.pid");
        }
    }
}
