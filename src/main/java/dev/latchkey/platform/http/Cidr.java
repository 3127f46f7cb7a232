package dev.latchkey.platform.http;

import com.fasterxml.jackson.annotation.JsonValue;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** A block of addresses (RFC 4632, RFC 4291). A bare address is a block of one. No name is ever looked up. */
public final class Cidr {

    private static final String OCTET = "(0|[1-9][0-9]{0,2})";
    private static final Pattern DOTTED_DECIMAL = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern COLONS = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");

    private final byte[] network;
    private final int prefixLength;
    private final String text;

    private Cidr(byte[] network, int prefixLength, String text) {
        this.network = network;
        this.prefixLength = prefixLength;
        this.text = text;
    }

    /** @throws IllegalArgumentException in words for the caller, if the text is no block or has bits set after its prefix */
    public static Cidr parse(String text) {
        var slash = text.indexOf('/');
        var address = literal(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(
                        () -> new IllegalArgumentException("must be an address or a CIDR block such as 10.0.0.0/8"));
        var bits = address.getAddress().length * 8;
        var prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits);
        if (!equalBits(address.getAddress(), mask(address.getAddress(), prefix), bits)) {
            throw new IllegalArgumentException("has bits set after its prefix of " + prefix);
        }
        return new Cidr(address.getAddress(), prefix, address.getHostAddress() + "/" + prefix);
    }

    /** The one numeric form that we write an address in, without {@code ::}; an IPv4-mapped IPv6 address as IPv4; empty if the text is no address. */
    public static Optional<String> normalise(String address) {
        return literal(address).map(InetAddress::getHostAddress);
    }

    public boolean contains(String address) {
        return literal(address)
                .map(InetAddress::getAddress)
                .filter(bytes -> bytes.length == network.length)
                .map(bytes -> equalBits(bytes, network, prefixLength))
                .orElse(false);
    }

    @JsonValue
    @Override
    public String toString() {
        return text;
    }

    private static Optional<InetAddress> literal(String text) {
        // A zone id (fe80::1%eth0) names an interface of one machine: it has no meaning here. Nor has "1.2" or
        // "010.0.0.1",
        // which some read as 1.0.0.2 and as 8.0.0.1.
        if (!DOTTED_DECIMAL.matcher(text).matches() && !COLONS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int prefix(String text, int bits) {
        if (!text.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(text) > bits) {
            throw new IllegalArgumentException("must have a prefix length from 0 to " + bits);
        }
        return Integer.parseInt(text);
    }

    private static byte[] mask(byte[] address, int prefix) {
        var masked = address.clone();
        for (var bit = prefix; bit < masked.length * 8; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return masked;
    }

    private static boolean equalBits(byte[] one, byte[] other, int bits) {
        for (var bit = 0; bit < bits; bit++) {
            if (((one[bit / 8] ^ other[bit / 8]) & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }
}
