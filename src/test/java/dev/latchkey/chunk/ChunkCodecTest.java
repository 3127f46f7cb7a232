package dev.latchkey.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written reads back the same; what was not written by the codec is refused, and does no harm. */
class ChunkCodecTest {

    private static final UUID TENANT = UUID.fromString("0192f0c1-0000-7000-8000-000000000002");
    private static final UUID CREDENTIAL = UUID.fromString("0192f0c1-0000-7000-8000-000000000003");

    private static final Use USE = new Use(
            1_795_268_767_123_456L,
            TENANT,
            CREDENTIAL,
            "api_token",
            Optional.of(TENANT),
            "GET",
            "/a",
            0,
            300,
            List.of("read:audits"),
            List.of(),
            Optional.of(CREDENTIAL),
            5);

    private static final Chunk CHUNK =
            new Chunk(UUID.fromString("0192f0c1-0000-7000-8000-000000000001"), List.of(USE, USE));

    private static final String BYTES = "01" + "0192f0c1000070008000000000000001" + "00000002"
            + "80a0a0d2b2b2b006" + "000192f0c1000070008000000000000002" + "000192f0c1000070008000000000000003"
            + "00096170695f746f6b656e" + "0101" + "0003474554" + "00022f61" + "00" + "ac02"
            + "01000b726561643a617564697473" + "00" + "0102" + "05"
            + "00" + "01" + "02" + "01" + "0101" + "02" + "03" + "00" + "ac02" + "0104" + "00" + "0102" + "05";

    @Test
    void theBytesInTheStreamStayAsReplicasOfOtherVersionsKnowThem() {
        assertEquals(BYTES, HexFormat.of().formatHex(ChunkCodec.encode(CHUNK)));
        assertEquals(CHUNK, ChunkCodec.decode(HexFormat.of().parseHex(BYTES)));
    }

    @Test
    void aVersionThatIsNotKnownIsRefusedWhateverFollows() {
        for (var version : List.of("00", "02", "7f", "ff")) {
            var bytes = HexFormat.of().parseHex(version + BYTES.substring(2));
            assertThrows(IllegalArgumentException.class, () -> ChunkCodec.decode(bytes), version);
        }
    }

    @Property(tries = 300)
    void everyChunkReadsBackAsItWasWritten(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int size) {
        var chunk = random(new Random(seed), size);
        assertEquals(chunk, ChunkCodec.decode(ChunkCodec.encode(chunk)));
    }

    @Property(tries = 100)
    void aWriterForManyChunksWritesEachAsIfItWereTheFirst(@ForAll long seed) {
        var random = new Random(seed);
        var writer = new ChunkWriter();
        for (var i = 0; i < 4; i++) {
            var chunk = random(random, 1 + random.nextInt(20));
            writer.begin(chunk.id());
            chunk.uses().forEach(writer::add);
            assertArrayEquals(ChunkCodec.encode(chunk), writer.toBytes());
        }
    }

    @Test
    void theCountIsToldWithoutReadingTheUses() {
        assertEquals(2, ChunkCodec.count(ChunkCodec.encode(CHUNK)));
    }

    @Test
    void aUseTakesLessThanAHundredBytes() {
        var uses = IntStream.range(0, 32)
                .mapToObj(i -> new Use(
                        USE.atMicros() + i * 50L,
                        TENANT,
                        new UUID(i, i),
                        "api_token",
                        Optional.of(new UUID(i % 8, 1)),
                        "POST",
                        "/api/v1/verify",
                        0,
                        900 + i,
                        List.of("read:audits", "write:audits"),
                        List.of("region=eu"),
                        Optional.of(new UUID(i, 2)),
                        1))
                .toList();
        assertTrue(ChunkCodec.encode(Chunk.of(uses)).length < 100 * 32);
    }

    @Property(tries = 100)
    void aChunkThatWasCutOffOrGoesOnIsRefused(@ForAll long seed) {
        var bytes = ChunkCodec.encode(random(new Random(seed), 3));
        for (var length = 0; length < bytes.length; length++) {
            var cut = Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> ChunkCodec.decode(cut));
        }
        assertThrows(IllegalArgumentException.class, () -> ChunkCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Property(tries = 2000)
    void aChunkThatWasBrokenIsRefusedOrIsAnother(@ForAll long seed) {
        var random = new Random(seed);
        var bytes = ChunkCodec.encode(random(random, 4));
        for (var i = 0; i <= random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        decodeWhatIsNotTrusted(bytes);
    }

    @Property(tries = 2000)
    void garbageDoesNoHarm(@ForAll byte[] garbage) {
        decodeWhatIsNotTrusted(garbage);
        var bytes = Arrays.copyOf(garbage, garbage.length + 1);
        System.arraycopy(garbage, 0, bytes, 1, garbage.length);
        bytes[0] = ChunkCodec.VERSION;
        decodeWhatIsNotTrusted(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "02" + "0192f0c1000070008000000000000001" + "00000001", // a version that is not known
                "01" + "0192f0c1000070008000000000000001" + "00000000", // no use
                "01" + "0192f0c1000070008000000000000001" + "7fffffff", // more uses than bytes
                "01" + "0192f0c1000070008000000000000001" + "ffffffff", // less than none
                "01" + "0192f0c1000070008000000000000001" + "00000001"
                        + "ffffffffffffffffffffffffff", // a number without end
            })
    void whatIsNoChunkIsRefused(String hex) {
        assertThrows(
                IllegalArgumentException.class,
                () -> ChunkCodec.decode(HexFormat.of().parseHex(hex)));
    }

    private static void decodeWhatIsNotTrusted(byte[] bytes) {
        try {
            ChunkCodec.decode(bytes);
        } catch (IllegalArgumentException expected) {
            assertTrue(expected.getMessage() != null);
        }
    }

    private static Chunk random(Random random, int size) {
        return Chunk.of(
                IntStream.range(0, size).mapToObj(i -> randomUse(random)).toList());
    }

    private static Use randomUse(Random random) {
        return new Use(
                random.nextInt(50) == 0 ? random.nextLong() : USE.atMicros() + random.nextInt(2_000_000) - 1_000_000,
                new UUID(7, random.nextInt(3)),
                new UUID(random.nextInt(5), random.nextInt(5)),
                random.nextBoolean() ? "api_token" : "api_key",
                random.nextBoolean() ? Optional.empty() : Optional.of(new UUID(7, random.nextInt(3))),
                random.nextBoolean() ? "GET" : "POST",
                "/\u00e9\ud83d\ude00/" + "x".repeat(random.nextInt(300)),
                random.nextInt(4) == 0 ? 0 : 100 + random.nextInt(500),
                random.nextLong(1_000_000_000_001L),
                words(random),
                words(random),
                random.nextBoolean() ? Optional.empty() : Optional.of(new UUID(random.nextInt(5), 1)),
                random.nextLong(1_000_000_000_001L));
    }

    private static List<String> words(Random random) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> "word-" + random.nextInt(6))
                .toList();
    }
}
