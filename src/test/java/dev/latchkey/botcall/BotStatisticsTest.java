package dev.latchkey.botcall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.bot.BotApi;
import dev.latchkey.bot.Owner;
import dev.latchkey.governor.Tally;
import dev.latchkey.platform.database.Statements;
import dev.latchkey.platform.id.Uuid7;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(BotApi.class)
class BotStatisticsTest {

    private static final String ADD_DAY =
            "insert into bot_call_days (bot_id, day, method, calls, errors, limited, micros, longest_micros) values (?, ?, 'getMe', 1, 0, 0, 1, 1)";

    @Inject
    BotStatistics statistics;

    @Inject
    DataSource database;

    @Test
    void daysAreKeptForAYearAndAMonth() {
        var statements = new Statements(database);
        var bot = bot(statements, Owner.pending());
        var today = statistics.today();
        for (var ago : List.of(0, 30, 400, 401, 1000)) {
            statements.update(ADD_DAY, bot, today.minusDays(ago));
        }
        statistics.forget();
        assertEquals(
                List.of(today, today.minusDays(30), today.minusDays(400)),
                statistics.since(bot, LocalDate.EPOCH).stream()
                        .map(Tally.Day::day)
                        .toList());
    }

    @Test
    void countsThatWereAddedUpAreKnownForAMonth() {
        var statements = new Statements(database);
        var old = Uuid7.next();
        var recent = Uuid7.next();
        var now = Instant.now();
        statements.update(
                "insert into bot_call_tallies (name, at) values (?, ?), (?, ?)",
                old,
                now.minus(Duration.ofDays(31)),
                recent,
                now.minus(Duration.ofDays(29)));
        statistics.forget();
        assertEquals(
                List.of(recent),
                statements.query(
                        row -> row.getObject(1, UUID.class),
                        "select name from bot_call_tallies where name in (?, ?)",
                        old,
                        recent));
    }

    private static UUID bot(Statements statements, Owner owner) {
        return statements
                .query(
                        row -> row.getObject(1, UUID.class),
                        "select id from bots where bot_id = ?",
                        owner.bot().id())
                .getFirst();
    }
}
