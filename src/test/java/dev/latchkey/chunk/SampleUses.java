package dev.latchkey.chunk;

import dev.latchkey.platform.id.Uuid7;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** Uses of one credential that no other test uses. */
public record SampleUses(UUID tenantId, UUID credentialId, UUID userId, Optional<UUID> account) {

    public static SampleUses of(UUID tenantId, UUID credentialId, UUID userId) {
        return new SampleUses(tenantId, credentialId, userId, Optional.empty());
    }

    public static SampleUses ofNewCredential() {
        return of(Uuid7.next(), Uuid7.next(), Uuid7.next());
    }

    /** The same credential, each use of which costs a credit. */
    public SampleUses paidBy(UUID account) {
        return new SampleUses(tenantId, credentialId, userId, Optional.of(account));
    }

    public Use at(Instant at, int status) {
        return with(at, status, "/api/v1/verify", 1000, List.of());
    }

    public Use with(Instant at, int status, String endpoint, long latencyMicros, List<String> tags) {
        return new Use(
                ChronoUnit.MICROS.between(Instant.EPOCH, at),
                tenantId,
                credentialId,
                "api_token",
                Optional.of(userId),
                "POST",
                endpoint,
                status,
                latencyMicros,
                List.of("read:audits"),
                tags,
                account,
                account.isPresent() ? 1 : 0);
    }

    /** Uses with known statuses within some hours, some of them alike. */
    public List<Chunk> random(Random random, int chunks, int size, Instant from, int hours) {
        return IntStream.range(0, chunks)
                .mapToObj(i -> Chunk.of(IntStream.range(0, size)
                        .mapToObj(j -> with(
                                from.plusSeconds(random.nextInt(hours * 3600)),
                                List.of(200, 200, 404, 429, 500).get(random.nextInt(5)),
                                random.nextBoolean() ? "/a" : "/b",
                                random.nextInt(2_000_000),
                                random.nextBoolean() ? List.of() : List.of("x,\"y\\", "{}")))
                        .toList()))
                .toList();
    }

    public Chunk undecided(int size, Instant at) {
        return Chunk.of(
                IntStream.range(0, size).mapToObj(i -> at(at, Use.UNDECIDED)).toList());
    }
}
