package dev.latchkey.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStartTest {

    @TempDir
    Path folder;

    @Test
    void dataAndKeysetAreThereAgainAfterTheJvmWasKilled() throws Exception {
        var keyset = "";
        try (var first = start(Map.of())) {
            first.awaitReady();
            sql(first, "create table kept as select 42 as answer");
            assertEquals("+OK\r\n+OK\r\n", redis(first, "SET kept yes"));
            keyset = first.setting("latchkey.keyset");
            first.endWith("KILL", false);
        }
        try (var second = start(Map.of())) {
            second.awaitReady();
            sql(second, "do $$ begin assert (select answer from kept) = 42; end $$");
            assertEquals("+OK\r\n$3\r\nyes\r\n", redis(second, "GET kept"));
            assertEquals(keyset, second.setting("latchkey.keyset"));
            assertEquals(folder.resolve("data/journal").toString(), second.setting("latchkey.journal.directory"));
            second.endWith("INT", true);
        }
    }

    @Test
    void whatLiesInTheDataFolderIsForItsOwnerAlone() throws Exception {
        try (var child = start(Map.of())) {
            child.awaitReady();
            for (var secret : new String[] {"keyset.json", "postgres/password", "redis/password", "redis/redis.conf"}) {
                assertEquals("rw-------", permissions(secret), secret);
            }
            assertEquals("rwx------", permissions("postgres"));
            assertEquals("rwx------", permissions("redis"));
        }
    }

    @Test
    void aSecondLatchkeyInTheSameFolderIsRefusedInOneParagraph() throws Exception {
        try (var first = start(Map.of())) {
            first.awaitReady();
            try (var second = start(Map.of())) {
                var refusal = second.awaitRefusal();
                assertTrue(refusal.contains("is in use by another Latchkey (process "), refusal);
                assertTrue(refusal.contains("LATCHKEY_DATA_DIR"), refusal);
                assertEquals(1, refusal.lines().count(), refusal);
            }
            sql(first, "select 1");
        }
    }

    @Test
    void whatOthersReachDoesNotRunOnServicesOfItsOwn() throws Exception {
        try (var child = start(Map.of("QUARKUS_HTTP_HOST", "0.0.0.0"))) {
            var refusal = child.awaitRefusal();
            assertTrue(
                    refusal.startsWith("QUARKUS_DATASOURCE_JDBC_URL is missing, while QUARKUS_HTTP_HOST is"), refusal);
            assertEquals(1, refusal.lines().count(), refusal);
        }
    }

    @Test
    void aTakenPortIsNamedWithItsVariable() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            for (var variable : new String[] {"LATCHKEY_LOCAL_POSTGRES_PORT", "LATCHKEY_LOCAL_REDIS_PORT"}) {
                try (var child = start(Map.of(variable, "" + taken.getLocalPort()))) {
                    var refusal = child.awaitRefusal();
                    assertTrue(refusal.startsWith("Port " + taken.getLocalPort() + ", which " + variable), refusal);
                    assertEquals(1, refusal.lines().count(), refusal);
                }
            }
        }
    }

    @Test
    void theConfiguredPortsAreUsed() throws Exception {
        var postgres = new LocalPort("", "", 0).choose();
        var redis = new LocalPort("", "", 0).choose();
        var ports = Map.of("LATCHKEY_LOCAL_POSTGRES_PORT", "" + postgres, "LATCHKEY_LOCAL_REDIS_PORT", "" + redis);
        try (var child = start(ports)) {
            child.awaitReady();
            assertEquals(
                    "jdbc:postgresql://127.0.0.1:" + postgres + "/postgres",
                    child.setting("quarkus.datasource.jdbc.url"));
            assertTrue(child.setting("quarkus.redis.hosts").endsWith("@127.0.0.1:" + redis));
        }
    }

    @Test
    void anUncleanEndLeavesNothingThatStopsTheNextStart() throws Exception {
        var postgres = folder.resolve("data/postgres");
        try (var child = start(Map.of())) {
            child.awaitReady();
            child.endWith("KILL", false);
        }
        // As a power cut leaves it, when our number went to another program after the restart.
        Files.writeString(
                postgres.resolve("data/postmaster.pid"),
                "%d\n%s\n1\n1\n\n127.0.0.1\n1 1\nready\n"
                        .formatted(ProcessHandle.current().pid(), postgres));
        try (var child = start(Map.of())) {
            child.awaitReady();
            sql(child, "select 1");
        }
    }

    @Test
    void anInterruptedFirstStartIsMadeAnew() throws Exception {
        var draft = Files.createDirectories(folder.resolve("data/postgres/data.new"));
        Files.writeString(draft.resolve("PG_VERSION"), "17\n");
        try (var child = start(Map.of())) {
            child.awaitReady();
            sql(child, "select 1");
        }
    }

    @Test
    void whatIsConfiguredIsNotStarted() throws Exception {
        var elsewhere = Map.of(
                "QUARKUS_DATASOURCE_JDBC_URL",
                "jdbc:postgresql://db.example/latchkey",
                "QUARKUS_REDIS_HOSTS",
                "redis://r");
        for (var environment : List.of(elsewhere, Map.of("LATCHKEY_LOCAL_SERVICES", "never"))) {
            try (var child = start(environment)) {
                child.awaitReady();
                assertTrue(child.children().isEmpty());
                assertFalse(Files.exists(folder.resolve("data")));
            }
        }
    }

    @Test
    void redisAloneIsStartedWhereOnlyTheDatabaseIsConfigured() throws Exception {
        try (var child = start(Map.of("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://db.example/latchkey"))) {
            var settings = child.awaitReady();
            assertTrue(child.setting("quarkus.redis.hosts").contains("@127.0.0.1:"));
            assertTrue(settings.stream().noneMatch(line -> line.startsWith("latchkey.keyset=")));
            assertTrue(settings.stream().noneMatch(line -> line.startsWith("latchkey.journal.directory=")));
            assertFalse(Files.exists(folder.resolve("data/postgres")));
        }
    }

    @Test
    void aReloadStartsNothingAgainAndHoldsNoClassLoader() throws Exception {
        try (var child = start(Map.of(), "reloaded")) {
            var lines = child.awaitReady();
            assertEquals("first loader is gone", lines.getLast());
            assertEquals(1, lines.stream().filter(line -> line.contains("psql")).count());
        }
    }

    @Test
    void bothAskForTheirPassword() throws Exception {
        try (var child = start(Map.of())) {
            child.awaitReady();
            var url = child.setting("quarkus.datasource.jdbc.url");
            var refusal =
                    assertThrows(SQLException.class, () -> DriverManager.getConnection(url, "latchkey", "guessed"));
            assertEquals("28P01", refusal.getSQLState());
            assertTrue(talk(child, "PING").startsWith("-NOAUTH"));
        }
    }

    private ChildJvm start(Map<String, String> environment) throws IOException {
        return start(environment, "kept");
    }

    private ChildJvm start(Map<String, String> environment, String mode) throws IOException {
        return ChildJvm.start(folder, environment, mode);
    }

    private String permissions(String file) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("data").resolve(file)));
    }

    private static void sql(ChildJvm child, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        child.setting("quarkus.datasource.jdbc.url"),
                        child.setting("quarkus.datasource.username"),
                        child.setting("quarkus.datasource.password"));
                var run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static String redis(ChildJvm child, String command) throws IOException {
        var user = URI.create(child.setting("quarkus.redis.hosts")).getUserInfo();
        return talk(child, "AUTH " + user.substring(1) + "\r\n" + command);
    }

    private static String talk(ChildJvm child, String commands) throws IOException {
        var address = URI.create(child.setting("quarkus.redis.hosts"));
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write((commands + "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
