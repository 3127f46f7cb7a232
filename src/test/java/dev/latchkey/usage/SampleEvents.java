package dev.latchkey.usage;

import dev.latchkey.platform.id.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** Events of one credential that no other test uses. */
record SampleEvents(UUID tenantId, UUID credentialId, UUID userId) {

    static SampleEvents ofNewCredential() {
        return new SampleEvents(Uuid7.next(), Uuid7.next(), Uuid7.next());
    }

    UsageEvent at(Instant at) {
        return with(at, "GET", "/api/v1/audits", 200, Duration.ofMillis(5));
    }

    UsageEvent with(Instant at, String method, String endpoint, int status, Duration latency) {
        return new UsageEvent(
                Uuid7.next(),
                at,
                tenantId,
                credentialId,
                "api_token",
                Optional.of(userId),
                endpoint,
                method,
                status,
                latency,
                100,
                "request-1",
                List.of("read:audits"));
    }

    /** Events of that many hours from the given time on, some without a user. */
    List<UsageEvent> random(Random random, int count, Instant from, int hours) {
        return IntStream.range(0, count)
                .mapToObj(i -> random(random, from.plusSeconds(random.nextInt(hours * 3600))))
                .toList();
    }

    private UsageEvent random(Random random, Instant at) {
        return new UsageEvent(
                Uuid7.next(),
                at.plusNanos(random.nextInt(1_000_000_000)),
                tenantId,
                credentialId,
                "api_token",
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of(userId),
                random.nextBoolean() ? "/api/v1/audits" : "/api/v1/audits/{id}",
                random.nextBoolean() ? "GET" : "POST",
                List.of(200, 201, 304, 400, 404, 429, 500).get(random.nextInt(7)),
                Duration.ofNanos((long) Math.exp(random.nextDouble() * 26)),
                random.nextInt(100_000),
                "request-2",
                List.of());
    }
}
