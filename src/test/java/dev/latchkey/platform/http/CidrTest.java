package dev.latchkey.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of addresses, as text and as sets. */
class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,       10.255.255.255, true",
        "10.0.0.0/8,       11.0.0.0,       false",
        "192.168.1.128/25, 192.168.1.127,  false",
        "192.168.1.128/25, 192.168.1.128,  true",
        "0.0.0.0/0,        203.0.113.9,    true",
        "0.0.0.0/0,        ::1,            false",
        "203.0.113.9,      203.0.113.9,    true",
        "203.0.113.9,      203.0.113.8,    false",
        "2001:db8::/32,    2001:db8:ffff::1, true",
        "2001:db8::/32,    2001:db9::,     false",
        "::/0,             2001:db8::1,    true",
        "::/0,             10.0.0.1,       false",
        "::ffff:10.0.0.1,  10.0.0.1,       true",
        "10.0.0.1,         ::ffff:10.0.0.1, true",
        "::1/128,          ::1,            true",
    })
    void aBlockContainsExactlyTheAddressesOfItsPrefix(String block, String address, boolean contained) {
        assertEquals(contained, Cidr.parse(block).contains(address));
    }

    @Property
    void anAddressIsInTheBlockOfItsOwnFirstBits(@ForAll int address, @ForAll @IntRange(max = 32) int prefix) {
        var network = prefix == 0 ? 0 : address & -1 << 32 - prefix;
        var block = Cidr.parse(dotted(network) + "/" + prefix);
        assertTrue(block.contains(dotted(address)));
        if (prefix > 0) {
            assertFalse(block.contains(dotted(address ^ 1 << 32 - prefix)));
        }
    }

    @Property
    void aBlockReadsBackAsItIsWritten(@ForAll int address) {
        var text = Cidr.parse(dotted(address)).toString();
        assertEquals(dotted(address) + "/32", text);
        assertEquals(text, Cidr.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "localhost",
                "example.com",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/\u0668",
                "10.0.0.1/8",
                "10.0.0/8",
                "10.1",
                "1",
                "4294967296",
                "010.0.0.1",
                "0x0a.0.0.1",
                "10.0.0.256",
                "10.0.0.0.0",
                " 10.0.0.0",
                "10.0.0.0 ",
                "10.0.0.0\0",
                "::/129",
                ":::",
                "2001:db8::1/32",
                "fe80::1%eth0",
                "[::1]",
                "1::2::3",
                "12345::",
                "::ffff:1.2.3",
                ":",
                "\uff11.1.1.1"
            })
    void whatIsNoBlockIsRefusedWithoutLookingAnyNameUp(String text) {
        var failure = assertThrows(IllegalArgumentException.class, () -> Cidr.parse(text));
        assertTrue(String.valueOf(failure.getMessage()).matches("(must|has) .+"), failure.getMessage());
    }

    @Test
    void anAddressHasOneForm() {
        assertEquals(Optional.of("10.0.0.1"), Cidr.normalise("::ffff:10.0.0.1"));
        assertEquals(Cidr.normalise("2001:DB8:0:0::1"), Cidr.normalise("2001:db8::1"));
        assertEquals(Optional.empty(), Cidr.normalise("example.com"));
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
