import java.time.Duration;
import java.util.List;

/** Texts whose checksum does not fit: they must cost neither Redis nor PostgreSQL anything. */
final class Garbage {

    private static final String MALFORMED = "{\"valid\":false,\"code\":\"MALFORMED\",";
    // PostgreSQL's statistics come up to a second late.
    private static final Duration STATISTICS_LATE = Duration.ofSeconds(2);

    private record Work(long redis, long postgres, double seconds) {

        static Work since(long began) throws Exception {
            Thread.sleep(STATISTICS_LATE);
            return new Work(
                    RedisCommands.count(),
                    Database.number(
                            "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()"),
                    (System.nanoTime() - began) / 1e9);
        }

        Work minus(Work other) {
            return new Work(redis - other.redis, postgres - other.postgres, seconds - other.seconds);
        }
    }

    private final Plan plan;
    private final Running running;

    Garbage(Plan plan, Running running) {
        this.plan = plan;
        this.running = running;
    }

    /** Beyond what the idle instance asks of them in the same time. */
    void measure(Targets targets) throws Exception {
        var call = Call.VERIFY;
        var gateway = running.tokens().getFirst();
        Requests requests = number -> {
            var text = Mint.garbage(number);
            return Requests.of(call, gateway, text, call.body(List.of(text), 0));
        };
        // The caller's own call of this minute is recorded before.
        Paced.asFastAsItGoes(running.service(), requests, MALFORMED, plan.garbage() / 100, Running.CONNECTIONS);
        var misses = misses();
        var began = System.nanoTime();
        var before = Work.since(began);
        Thread.sleep(plan.cold());
        var idle = Work.since(began);
        var paced = Paced.asFastAsItGoes(
                running.service(),
                number -> requests.at(number + plan.garbage()),
                MALFORMED,
                plan.garbage(),
                Running.CONNECTIONS);
        var after = Work.since(began);
        var background = idle.minus(before);
        var work = after.minus(idle);
        var redis = work.redis - background.redis * work.seconds / background.seconds;
        var postgres = work.postgres - background.postgres * work.seconds / background.seconds;
        targets.add(
                "%,d garbage tokens in a verification's body: 0 commands to Redis and PostgreSQL (fewer than 1 in 1,000 calls more than idle)"
                        .formatted(plan.garbage()),
                "%,.0f to Redis (%,d; idle %,.0f), %,.0f to PostgreSQL (%,d; idle %,.0f), with %,d loads of the caller; %,.0f/s"
                        .formatted(
                                redis,
                                work.redis,
                                work.redis - redis,
                                postgres,
                                work.postgres,
                                work.postgres - postgres,
                                misses() - misses,
                                paced.perSecond()),
                redis < plan.garbage() / 1000.0 && postgres < plan.garbage() / 1000.0);
    }

    // The caller is loaded every 30 s, and for each call while the instance does not trust its cache.
    private long misses() throws Exception {
        return Metrics.of(running.service()).sum("latchkey_near_cache_misses_total");
    }
}
