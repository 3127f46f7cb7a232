package dev.latchkey.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class DestinationTest {

    @Test
    void onlyWhatEverybodyReachesIsPublic() throws IOException {
        for (var address : List.of(
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "192.0.0.8",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "::ffff:127.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001::1",
                "2001:db8::1",
                "3fff::1")) {
            assertEquals(false, Destination.isPublic(InetAddress.ofLiteral(address)), address);
        }
        for (var address : List.of(
                "8.8.8.8",
                "100.128.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.20.0.1",
                "2606:4700::1111",
                "2001:4860:4860::8888")) {
            assertEquals(true, Destination.isPublic(InetAddress.ofLiteral(address)), address);
        }
    }

    @Test
    void whatATenantNamesLeadsToNoPlaceInside() {
        for (var uri : List.of(
                "https://127.0.0.1/token",
                "https://localhost/token",
                "https://[::1]/token",
                "https://[::ffff:127.0.0.1]/token",
                "https://2130706433/token",
                "https://169.254.169.254/latest/meta-data",
                "http://8.8.8.8/token",
                "https://user@8.8.8.8/token",
                "https://8.8.8.8:65536/token",
                "ftp://8.8.8.8/token",
                "file:///etc/passwd")) {
            assertThrows(IOException.class, () -> Destination.of(URI.create(uri), true), uri);
        }
    }

    @Test
    void whatTheOperatorNamedIsReachedWhereverItIs() throws IOException {
        assertEquals(
                8443,
                Destination.of(URI.create("http://127.0.0.1:8443/token"), false).port());
        assertEquals(
                443,
                Destination.of(URI.create("https://127.0.0.1/token"), false).port());
    }
}
