package dev.latchkey.botcall;

import dev.latchkey.governor.Counted;
import dev.latchkey.governor.RecentCall;
import dev.latchkey.governor.Tallies;
import dev.latchkey.governor.Tally;
import dev.latchkey.platform.database.Statements;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.redis.RedisAwayException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/** How many calls bots made, and what became of them: counted in Redis as they are made, and moved to PostgreSQL behind them, each count once. */
@ApplicationScoped
class BotStatistics {

    private static final Logger LOG = Logger.getLogger(BotStatistics.class);
    // Longer than Redis and PostgreSQL are ever apart.
    private static final Duration TALLIES_KEPT = Duration.ofDays(30);
    // A year, and its last month once more.
    private static final int DAYS_KEPT = 400;

    private static final String ADD_TALLY =
            "insert into bot_call_tallies (name, at) values (?, ?) on conflict (name) do nothing";
    private static final String ADD_TOTAL = """
            update bots set total_requests = greatest(0, total_requests + ?), last_used_at = greatest(last_used_at, ?) where id = ?""";
    private static final String ADD_DAY = """
            insert into bot_call_days as known (bot_id, day, method, calls, errors, limited, micros, longest_micros)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (bot_id, day, method) do update set calls = known.calls + excluded.calls, errors = known.errors + excluded.errors,
                limited = known.limited + excluded.limited, micros = known.micros + excluded.micros,
                longest_micros = greatest(known.longest_micros, excluded.longest_micros)""";
    private static final String READ_DAYS = """
            select day, method, calls, errors, limited, micros, longest_micros from bot_call_days
            where bot_id = ? and day >= ? order by day desc, calls desc, method""";
    private static final String FORGET_TALLIES = "delete from bot_call_tallies where at < ?";
    private static final String FORGET_DAYS = "delete from bot_call_days where day < ?";

    private final Tallies tallies;
    private final Statements statements;
    private final Clock clock;

    BotStatistics(Tallies tallies, DataSource database, Clock clock) {
        this.tallies = tallies;
        this.statements = new Statements(database);
        this.clock = clock;
    }

    /** What was counted on one day of one method, and {@link Tally.Day} says of it. */
    List<Tally.Day> since(UUID bot, LocalDate day) {
        return QuarkusTransaction.requiringNew().call(() -> statements.query(BotStatistics::day, READ_DAYS, bot, day));
    }

    private static Tally.Day day(ResultSet row) throws SQLException {
        return new Tally.Day(
                row.getObject(1, LocalDate.class),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7));
    }

    /**
     * The last calls, newest first, at most 50 of the last seven days.
     *
     * @throws Problem {@code unavailable} while Redis, which alone has them, is away
     */
    List<RecentCall> recent(Counted bot) {
        try {
            return tallies.recent(bot);
        } catch (RedisAwayException away) {
            throw new Problem(CommonProblem.UNAVAILABLE, "What the bot did last cannot be told now; try again shortly")
                    .header("Retry-After", "1");
        }
    }

    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** Moves what was counted of the bot until now, if Redis can be asked. */
    void settle(Counted bot) {
        try {
            tallies.take(bot).ifPresent(tally -> move(bot, tally));
        } catch (RedisAwayException away) {
            LOG.debug("Counts of calls stay in Redis, which is away");
        }
    }

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void settleAll() {
        try {
            tallies.bots().forEach(this::settleOne);
        } catch (RedisAwayException away) {
            LOG.debug("Counts of calls stay in Redis, which is away");
        }
    }

    // One that cannot be kept is tried again, and is not to hold up the others.
    private void settleOne(Counted bot) {
        try {
            settle(bot);
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "The counts of the bot %s cannot be kept now", bot.bot());
        }
    }

    @Scheduled(every = "6h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forget() {
        QuarkusTransaction.requiringNew().run(() -> {
            statements.update(FORGET_TALLIES, clock.instant().minus(TALLIES_KEPT));
            statements.update(FORGET_DAYS, today().minusDays(DAYS_KEPT));
        });
    }

    private void move(Counted bot, Tally tally) {
        QuarkusTransaction.requiringNew().run(() -> add(bot.bot(), tally, clock.instant()));
        tallies.kept(bot, tally);
    }

    private void add(UUID bot, Tally tally, Instant now) {
        // Of a bot that was removed meanwhile nothing is kept.
        if (statements.update(ADD_TALLY, tally.name(), now) == 0
                || statements.update(ADD_TOTAL, tally.total(), tally.last(), bot) == 0) {
            return;
        }
        for (var day : tally.days()) {
            statements.update(
                    ADD_DAY,
                    bot,
                    day.day(),
                    day.method(),
                    day.calls(),
                    day.errors(),
                    day.limited(),
                    day.micros(),
                    day.longest());
        }
    }
}
