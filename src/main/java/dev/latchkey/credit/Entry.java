package dev.latchkey.credit;

import dev.latchkey.platform.id.Uuid7;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One movement of an account.
 *
 * @param at of a refill, the beginning of its period
 */
record Entry(UUID accountId, UUID id, Instant at, Kind kind, long amount) {

    enum Kind {
        GRANT,
        REFILL,
        SPEND;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The period is in its id, a UUIDv8 (RFC 9562): told twice, it is there once. */
    static Entry refill(UUID accountId, Instant period, long amount) {
        var id = new UUID(period.toEpochMilli() << 16 | 0x8000, 0x8000000000000000L);
        return new Entry(accountId, id, period, Kind.REFILL, amount);
    }

    static Stream<Entry> of(Movement movement, Instant now) {
        var account = movement.accountId();
        var spends = movement.spent() == 0
                ? Stream.<Entry>empty()
                : Stream.of(new Entry(account, Uuid7.next(), now, Kind.SPEND, -movement.spent()));
        var refills = movement.refills().entrySet().stream()
                .map(refill -> refill(account, refill.getKey(), refill.getValue()));
        return Stream.concat(spends, refills);
    }
}
