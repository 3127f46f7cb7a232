package dev.latchkey.chunk;

import dev.latchkey.credit.Movement;
import dev.latchkey.platform.id.Uuid7;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Uses put together: those that are alike within a minute become one row. For one thread. */
public final class Fold {

    /** Uses that are alike: how many, how long all of them took, and what they cost. */
    public static final class Row {
        private final UUID id = Uuid7.next();
        private final Use like;
        private final Alike all;
        private long atMicros;
        private int calls;
        private long latencyMicros;
        private long credits;

        private Row(Use like, Alike all) {
            this.like = like;
            this.all = all;
            this.atMicros = like.atMicros();
        }

        public UUID id() {
            return id;
        }

        /** One of them: all are the same in what a row says of them, but for their times, costs and scopes. */
        public Use like() {
            return like;
        }

        public int status() {
            return all.status;
        }

        /** The names of the limits that refused each of them. */
        public List<String> violated() {
            return all.violated;
        }

        /** The names of the limits that only watch, and would have. */
        public List<String> shadowViolated() {
            return all.shadowViolated;
        }

        /** The time of the first of them. */
        public long atMicros() {
            return atMicros;
        }

        public int calls() {
            return calls;
        }

        public long latencyMicrosMean() {
            return Math.round((double) latencyMicros / calls);
        }

        public long credits() {
            return credits;
        }
    }

    /** When a credential, or a scope of it, was last used. */
    public static final class LastUse {
        private final Use like;
        private final String scope;
        private long atMicros = Long.MIN_VALUE;

        private LastUse(Use like, String scope) {
            this.like = like;
            this.scope = scope;
        }

        public UUID tenantId() {
            return like.tenantId();
        }

        public UUID credentialId() {
            return like.credentialId();
        }

        /** Empty for the credential itself. */
        public String scope() {
            return scope;
        }

        public long atMicros() {
            return atMicros;
        }
    }

    // The credential first: it tells most rows apart.
    private record Alike(
            UUID credentialId,
            long minute,
            int status,
            String endpoint,
            String method,
            UUID tenantId,
            Optional<UUID> userId,
            String kind,
            List<String> tags,
            List<String> violated,
            List<String> shadowViolated) {}

    private record Scope(UUID credentialId, String word) {}

    private static final class Account {
        private final Map<Instant, Long> refills = new HashMap<>();
        private long spent;
    }

    private static final long MINUTE_MICROS = 60_000_000;

    private final Map<Alike, Row> rows = new HashMap<>();
    private final Map<UUID, LastUse> lastUses = new HashMap<>();
    private final Map<Scope, LastUse> scopeUses = new HashMap<>();
    private final Map<UUID, Account> accounts = new HashMap<>();

    public static Fold of(Collection<DecidedChunk> chunks) {
        var fold = new Fold();
        for (var chunk : chunks) {
            var uses = chunk.chunk().uses();
            for (var place = 0; place < uses.size(); place++) {
                if (chunk.isDecided(place)) {
                    fold.add(uses.get(place), chunk, place);
                }
            }
        }
        return fold;
    }

    public Collection<Row> rows() {
        return rows.values();
    }

    public Collection<LastUse> lastUses() {
        return lastUses.values();
    }

    /** Of uses that were not refused. */
    public Collection<LastUse> scopeUses() {
        return scopeUses.values();
    }

    /** What happened to the credits of each account. */
    public List<Movement> movements() {
        return accounts.entrySet().stream()
                .map(account -> new Movement(account.getKey(), account.getValue().spent, account.getValue().refills))
                .toList();
    }

    private void add(Use use, DecidedChunk chunk, int place) {
        var alike = alike(use, chunk, place);
        var cost = chunk.isRefused(place) || use.creditAccount().isEmpty() ? 0 : use.credits();
        var row = rows.computeIfAbsent(alike, all -> new Row(use, all));
        row.atMicros = Math.min(row.atMicros, use.atMicros());
        row.calls++;
        row.latencyMicros += use.latencyMicros();
        row.credits += cost;
        used(use, lastUses.computeIfAbsent(use.credentialId(), id -> new LastUse(use, "")));
        if (!chunk.isRefused(place)) {
            for (var scope : use.scopes()) {
                used(
                        use,
                        scopeUses.computeIfAbsent(new Scope(use.credentialId(), scope), it -> new LastUse(use, scope)));
            }
        }
        use.creditAccount().ifPresent(account -> move(account, cost, chunk, place));
    }

    private static Alike alike(Use use, DecidedChunk chunk, int place) {
        return new Alike(
                use.credentialId(),
                Math.floorDiv(use.atMicros(), MINUTE_MICROS),
                chunk.status(place),
                use.endpoint(),
                use.method(),
                use.tenantId(),
                use.userId(),
                use.kind(),
                use.tags(),
                chunk.violated(place),
                chunk.shadowViolated(place));
    }

    private static void used(Use use, LastUse last) {
        last.atMicros = Math.max(last.atMicros, use.atMicros());
    }

    // Told twice, a refill happened once.
    private void move(UUID accountId, long cost, DecidedChunk chunk, int place) {
        var refilled = chunk.refilled(place);
        if (cost > 0 || refilled.isPresent()) {
            var account = accounts.computeIfAbsent(accountId, id -> new Account());
            account.spent = Math.addExact(account.spent, cost);
            refilled.ifPresent(refill ->
                    account.refills.putIfAbsent(Instant.ofEpochMilli(refill.periodMillis()), refill.credits()));
        }
    }
}
