package dev.latchkey.v1key;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.usage.UsageQueries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How many holders of first-version keys have moved on. */
@ApplicationScoped
class MigrationReport {

    // Who did not use a key for so long is not waited for.
    private static final Duration QUIET = Duration.ofDays(30);

    /**
     * @param phase {@code on}, {@code warn} or {@code off}
     * @param total keys that are not revoked
     * @param migrated those of them that were replaced
     * @param inUse those that were not, and were used in the last 30 days
     * @param safeCutOff the day from which nobody is expected to miss them: 30 days after the last use of one that was not replaced, and not in the past
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record View(
            String phase,
            LocalDate sunset,
            int total,
            int migrated,
            int remaining,
            int inUse,
            @Nullable Instant lastUsedAt,
            LocalDate safeCutOff,
            List<Owner> owners) {}

    /**
     * @param owner what the import said, or else the user who created the keys; null for nobody known
     * @param lastUsedAt of the remaining keys
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Owner(
            @Nullable String owner,
            int total,
            int migrated,
            int remaining,
            @Nullable Instant lastUsedAt,
            List<String> remainingKeys) {}

    private record Row(
            String owner,
            String keyId,
            boolean migrated,
            @Nullable Instant lastUse) {}

    private static final int MOST_SHOWN = 100;

    private final EntityManager database;
    private final UsageQueries usage;
    private final V1Phase phase;
    private final Clock clock;

    MigrationReport(EntityManager database, UsageQueries usage, V1Phase phase, Clock clock) {
        this.database = database;
        this.usage = usage;
        this.phase = phase;
        this.clock = clock;
    }

    @Transactional
    View view() {
        var rows = rows();
        var now = clock.instant();
        var remaining = rows.stream().filter(row -> !row.migrated()).toList();
        var last = lastUse(remaining);
        var inUse = remaining.stream()
                .filter(row -> row.lastUse() != null && row.lastUse().isAfter(now.minus(QUIET)))
                .count();
        var safe = last.map(use -> use.plus(QUIET)).filter(now::isBefore).orElse(now);
        return new View(
                phase.now().name().toLowerCase(Locale.ROOT),
                phase.sunset(),
                rows.size(),
                rows.size() - remaining.size(),
                remaining.size(),
                (int) inUse,
                last.orElse(null),
                LocalDate.ofInstant(safe, ZoneOffset.UTC),
                owners(rows));
    }

    private List<Owner> owners(List<Row> rows) {
        return rows.stream().collect(Collectors.groupingBy(Row::owner)).entrySet().stream()
                .map(entry -> owner(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(Owner::remaining)
                        .reversed()
                        .thenComparing(owner -> String.valueOf(owner.owner())))
                .toList();
    }

    private static Owner owner(String name, List<Row> rows) {
        var remaining = rows.stream().filter(row -> !row.migrated()).toList();
        return new Owner(
                name.isEmpty() ? null : name,
                rows.size(),
                rows.size() - remaining.size(),
                remaining.size(),
                lastUse(remaining).orElse(null),
                remaining.stream().map(Row::keyId).sorted().limit(MOST_SHOWN).toList());
    }

    private static Optional<Instant> lastUse(List<Row> rows) {
        return rows.stream().map(Row::lastUse).filter(Objects::nonNull).max(Comparator.naturalOrder());
    }

    private List<Row> rows() {
        @SuppressWarnings("unchecked")
        List<Object[]> found = database.createNativeQuery("""
                        select key.id, coalesce(key.owner, maker.username, ''), key.key_id, key.replaced_by is not null
                        from v1_keys as key left join users as maker on maker.id = key.created_by
                        where key.revoked_at is null""").getResultList();
        var lastUses = usage.lastUse(found.stream().map(row -> (UUID) row[0]).toList());
        return found.stream()
                .map(row -> new Row((String) row[1], (String) row[2], (Boolean) row[3], lastUses.get((UUID) row[0])))
                .toList();
    }
}
