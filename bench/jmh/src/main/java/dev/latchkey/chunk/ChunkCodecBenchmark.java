package dev.latchkey.chunk;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A chunk of 32 uses of as many tokens, for each use. */
@State(Scope.Benchmark)
public class ChunkCodecBenchmark {

    private static final int USES = 32;
    private static final UUID TENANT = new UUID(1, 1);

    private final Chunk chunk =
            Chunk.of(IntStream.range(0, USES).mapToObj(ChunkCodecBenchmark::use).toList());
    private final byte[] encoded = ChunkCodec.encode(chunk);

    @Benchmark
    @OperationsPerInvocation(USES)
    public byte[] encode() {
        return ChunkCodec.encode(chunk);
    }

    @Benchmark
    @OperationsPerInvocation(USES)
    public Chunk decode() {
        return ChunkCodec.decode(encoded);
    }

    private static Use use(int number) {
        return new Use(
                1_700_000_000_000_000L + number * 37,
                TENANT,
                new UUID(2, number),
                "api_token",
                Optional.of(new UUID(3, 3)),
                "POST",
                "/api/v1/verify",
                Use.UNDECIDED,
                85,
                List.of(),
                List.of(),
                Optional.empty(),
                0);
    }
}
