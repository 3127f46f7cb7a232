package dev.latchkey.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, started with nothing configured. */
class FirstLookIT {

    private static final String NATIVE = "latchkey.test.native";

    @TempDir
    Path folder;

    @Test
    @DisabledIfSystemProperty(named = NATIVE, matches = "true")
    void theJarServesOnLoopbackAloneAndEndsWithoutATrace() throws Exception {
        var http = new LocalPort("", "", 0).choose();
        try (var service = startJar(http)) {
            service.awaitLine(line -> line.contains("Listening on"));
            var health = URI.create("http://127.0.0.1:" + http + "/health").toURL();
            try (var answer = health.openStream()) {
                assertTrue(new String(answer.readAllBytes(), UTF_8).contains("healthy"));
            }
            for (var address : addressesOfThisMachine()) {
                assertThrows(ConnectException.class, () -> new Socket(address, http).close(), address.toString());
            }
            service.endWith("INT", true);
        }
    }

    @Test
    @DisabledIfSystemProperty(named = NATIVE, matches = "true")
    void aTakenHttpPortIsSaidWithoutAStackTrace() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                var service = startJar(taken.getLocalPort())) {
            var refusal = service.awaitRefusal();
            assertTrue(
                    refusal.contains("Port " + taken.getLocalPort() + " seems to be in use by another process"),
                    refusal);
            assertFalse(refusal.contains("\\tat "), refusal);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = NATIVE, matches = "true")
    void theNativeBinaryStartsNoServicesOfItsOwn() throws Exception {
        var process = new ProcessBuilder(System.getProperty("native.image.path"), "-Dquarkus.http.port=0")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = process.inputReader().readAllAsString();
        assertEquals(1, process.waitFor(), output);
        assertFalse(Files.exists(folder.resolve(".latchkey")));
    }

    private ChildJvm startJar(int http) throws IOException {
        var jar = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
        var ports = Map.of(
                "QUARKUS_HTTP_PORT", "" + http, "QUARKUS_MANAGEMENT_PORT", "" + new LocalPort("", "", 0).choose());
        return ChildJvm.run(folder, ports, "-XX:TieredStopAtLevel=1", "-jar", jar.toString());
    }

    private static Iterable<InetAddress> addressesOfThisMachine() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();
    }
}
