package dev.latchkey.bot;

import static dev.latchkey.bot.BotStatus.ACTIVE;
import static dev.latchkey.bot.BotStatus.ERROR;
import static dev.latchkey.bot.BotStatus.PENDING;
import static dev.latchkey.bot.BotStatus.RATE_LIMITED;
import static dev.latchkey.bot.BotStatus.STOPPED;
import static dev.latchkey.bot.BotStatus.SUSPENDED;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.bot.BotState.Suspension;
import dev.latchkey.bot.BotState.Suspension.By;
import dev.latchkey.platform.problem.Problem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every transition of every state, as docs/bots.md draws them. */
class BotStatesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    /** A star stands for: verified. What is after a comma suspended it. */
    private static final String TRANSITIONS = """
            from                | verified            | refused             | failed              | started          | stopped          | suspended         | activated
            pending             | active*             | suspended,telegram  | error               | bot_not_verified | bot_not_verified | suspended,admin   | pending
            active*             | active*             | suspended,telegram  | error*              | active*          | stopped*         | suspended*,admin  | active*
            stopped*            | stopped*            | suspended,telegram  | stopped*            | active*          | stopped*         | suspended*,admin  | active*
            error               | active*             | suspended,telegram  | error               | bot_not_verified | bot_not_verified | suspended,admin   | pending
            error*              | active*             | suspended,telegram  | error*              | bot_not_verified | stopped*         | suspended*,admin  | active*
            suspended,telegram  | active*             | suspended,telegram  | suspended,telegram  | bot_suspended    | bot_suspended    | suspended,admin   | pending
            suspended,admin     | suspended*,admin    | suspended,admin     | suspended,admin     | bot_suspended    | bot_suspended    | suspended,admin   | pending
            suspended*,admin    | suspended*,admin    | suspended,admin     | suspended*,admin    | bot_suspended    | bot_suspended    | suspended*,admin  | active*
            """;

    private static final Map<String, UnaryOperator<BotState>> ACTS = acts();

    private static Map<String, UnaryOperator<BotState>> acts() {
        var acts = new LinkedHashMap<String, UnaryOperator<BotState>>();
        acts.put("verified", BotState::verified);
        acts.put("refused", state -> state.refused("a reason"));
        acts.put("failed", BotState::failed);
        acts.put("started", BotState::started);
        acts.put("stopped", BotState::stopped);
        acts.put("suspended", state -> state.suspendedByAdmin("a reason"));
        acts.put("activated", BotState::activatedByAdmin);
        return acts;
    }

    private static BotState state(String text) {
        var by = text.endsWith(",admin")
                ? Optional.of(By.ADMIN)
                : text.endsWith(",telegram") ? Optional.of(By.TELEGRAM) : Optional.<By>empty();
        return new BotState(
                BotStatus.of(text.replaceAll("[*,].*", "")),
                text.contains("*"),
                by.map(who -> new Suspension(who, "a reason")),
                Optional.empty());
    }

    private static String text(BotState state) {
        return state.status().word()
                + (state.isVerified() ? "*" : "")
                + state.suspension().map(by -> "," + by.by().word()).orElse("");
    }

    @Test
    void eachActLeadsWhereTheTableSays() {
        var rows = TRANSITIONS.lines().map(line -> line.split("\\|")).toList();
        assertAll(rows.stream().skip(1).flatMap(row -> Stream.iterate(
                        1, column -> column < row.length, column -> column + 1)
                .map(column -> (Executable) () -> {
                    var act = rows.getFirst()[column].strip();
                    assertEquals(row[column].strip(), outcome(act, row[0].strip()), row[0].strip() + " " + act);
                })));
    }

    private static String outcome(String act, String from) {
        try {
            return text(Objects.requireNonNull(ACTS.get(act)).apply(state(from)));
        } catch (Problem problem) {
            return problem.code().code();
        }
    }

    @Test
    void onlyAnAdminsSuspensionTakesAwayWhatOwnersMay() {
        state("active*").requireOwnersSay();
        state("suspended,telegram").requireOwnersSay();
        var problem =
                assertThrows(Problem.class, () -> state("suspended*,admin").requireOwnersSay());
        assertEquals(BotProblem.BOT_SUSPENDED, problem.code());
        assertEquals("a reason", problem.members().get("reason"));
    }

    @Test
    void callsAreForWhatIsVerifiedAndNeitherStoppedNorSuspended() {
        var expected = new LinkedHashMap<String, String>();
        expected.put("pending", "bot_not_verified");
        expected.put("active*", "");
        expected.put("stopped*", "bot_stopped");
        expected.put("error", "bot_not_verified");
        expected.put("error*", "");
        expected.put("suspended,telegram", "bot_suspended");
        expected.put("suspended*,admin", "bot_suspended");
        expected.forEach((from, code) -> {
            var state = state(from);
            var met = outcomeOfCall(state);
            assertEquals(code, met, from);
        });
    }

    private static String outcomeOfCall(BotState state) {
        try {
            BotState.requireCalls(
                    state.status(), state.isVerified(), state.suspension().map(Suspension::reason));
            return "";
        } catch (Problem problem) {
            return problem.code().code();
        }
    }

    @Test
    void aPauseShowsWhileItLastsAndOnlyOnWhatIsActive() {
        var paused = state("active*").paused(NOW.plusSeconds(10));
        assertEquals(RATE_LIMITED, paused.shown(NOW));
        assertEquals(RATE_LIMITED, paused.shown(NOW.plusSeconds(9)));
        assertEquals(ACTIVE, paused.shown(NOW.plusSeconds(10)));
        assertEquals(paused, paused.paused(NOW.plusSeconds(5)), "the longer one counts");
        assertEquals(RATE_LIMITED, paused.paused(NOW.plusSeconds(20)).shown(NOW.plusSeconds(15)));
        assertEquals(STOPPED, paused.stopped().shown(NOW));
        assertEquals(RATE_LIMITED, paused.stopped().started().shown(NOW), "stopping does not end it");
        assertEquals(SUSPENDED, paused.refused("a reason").shown(NOW));
        assertEquals(RATE_LIMITED, paused.activatedByAdmin().shown(NOW), "nobody here can end it");
        assertEquals(PENDING, state("pending").paused(NOW.plusSeconds(10)).shown(NOW));
        assertEquals(ERROR, state("error*").paused(NOW.plusSeconds(10)).shown(NOW));
    }

    @Test
    void whoSuspendedFirstAndWhyStays() {
        var first = state("active*").refused("one");
        assertEquals(first, first.refused("another"));
        assertEquals(
                "an admin's",
                first.suspendedByAdmin("an admin's")
                        .refused("another")
                        .suspension()
                        .orElseThrow()
                        .reason());
    }

    @Test
    void thereIsNoSuspensionWithoutItsStateAndNoPauseThatIsStored() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new BotState(SUSPENDED, false, Optional.empty(), Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BotState(ACTIVE, true, Optional.of(new Suspension(By.ADMIN, "x")), Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BotState(RATE_LIMITED, true, Optional.empty(), Optional.empty()));
    }
}
