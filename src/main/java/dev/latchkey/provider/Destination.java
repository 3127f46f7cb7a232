package dev.latchkey.provider;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;

/**
 * Where a request goes: the address is looked up once, judged, and then connected to, so that a name which answers differently the second time leads
 * nowhere else.
 */
record Destination(URI uri, InetAddress address, int port, boolean isTls) {

    private static final int HIGHEST_PORT = 65_535;

    /** @param publicOnly whether only what everybody reaches may be reached */
    static Destination of(URI uri, boolean publicOnly) throws IOException {
        var host = uri.getHost();
        var isTls = "https".equalsIgnoreCase(uri.getScheme());
        if (host == null
                || !isTls && !"http".equalsIgnoreCase(uri.getScheme())
                || uri.getUserInfo() != null
                || uri.getPort() > HIGHEST_PORT) {
            throw new IOException("Not an address that can be called");
        }
        if (publicOnly && !isTls) {
            throw new IOException("Only https is called");
        }
        var addresses = InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        var address = Arrays.stream(addresses)
                .filter(one -> !publicOnly || isPublic(one))
                .findFirst()
                .orElseThrow(() -> new IOException("The address is not a public one"));
        return new Destination(uri, address, uri.getPort() < 0 ? isTls ? 443 : 80 : uri.getPort(), isTls);
    }

    /** Whether it is none of the special ranges (IANA's registries of special-purpose addresses). */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        var bytes = address.getAddress();
        return address instanceof Inet6Address
                ? isPublic6(bytes)
                : isPublic4(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff);
    }

    private static boolean isPublic4(int first, int second, int third) {
        return first != 0
                && first < 224
                && !(first == 100 && (second & 0xc0) == 64)
                && !(first == 192 && second == 0 && (third == 0 || third == 2))
                && !(first == 192 && second == 88 && third == 99)
                && !(first == 198 && (second & 0xfe) == 18)
                && !(first == 198 && second == 51 && third == 100)
                && !(first == 203 && second == 0 && third == 113);
    }

    // Of 2000::/3, without what carries an IPv4 address inside (6to4, Teredo) or is for documents.
    private static boolean isPublic6(byte[] bytes) {
        var first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        var second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        return (first & 0xe000) == 0x2000
                && first != 0x2002
                && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
                && !(first == 0x3fff && second < 0x1000);
    }
}
