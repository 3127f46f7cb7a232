package dev.latchkey.bot;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Eventually;
import dev.latchkey.api.Tables;
import dev.latchkey.api.Together;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What comes at the same moment, or too late; and what other replicas' callers see of a bot. */
@QuarkusTest
@TestProfile(BotApi.class)
class BotRacesTest {

    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Inject
    Bots bots;

    private BotSnapshot known(Owner owner) {
        return bots.known(UUID.fromString(owner.user().id()))
                .await()
                .atMost(PATIENCE)
                .orElseThrow();
    }

    // News of earlier changes come a second time, by Redis: before they have, nothing is kept that a change could leave
    // stale.
    private void awaitKept(Owner owner) {
        Eventually.within(20, () -> {
            var before = known(owner).concurrent();
            Tables.change(
                    "update bots set max_concurrent_requests = max_concurrent_requests % 50 + 1 where user_id = ?::uuid",
                    owner.user().id());
            assertEquals(before, known(owner).concurrent());
        });
    }

    private static Map<Integer, Long> counted(List<Response> answers) {
        return answers.stream().collect(Collectors.groupingBy(Response::statusCode, Collectors.counting()));
    }

    private static long acts(Owner owner, String action) {
        return Long.parseLong(Tables.value(
                "select count(*) from audit_log where tenant_id = '%s' and subject_kind = 'bot' and action = '%s'"
                        .formatted(owner.user().tenantId(), action)));
    }

    @Test
    void ofManyCreationsByOneUserOneIsDone() {
        var owner = Owner.withoutBot();
        var answers = Together.run(AT_ONCE, number -> new Owner(owner.user(), BotApi.newBot()).create());
        assertEquals(Map.of(201, 1L, 409, AT_ONCE - 1L), counted(answers));
        assertTrue(answers.stream().filter(answer -> answer.statusCode() == 409).allMatch(answer -> answer.path("code")
                .equals("bot_exists")));
        assertEquals(1, acts(owner, "bot.created"));
    }

    @Test
    void ofManyUsersWithOneTokenOneHasIt() {
        var bot = BotApi.newBot();
        var owners = IntStream.range(0, AT_ONCE)
                .mapToObj(number -> new Owner(Api.newUser(), bot))
                .toList();
        var answers = Together.run(AT_ONCE, number -> owners.get(number).create());
        assertEquals(Map.of(201, 1L, 409, AT_ONCE - 1L), counted(answers));
        assertTrue(answers.stream().filter(answer -> answer.statusCode() == 409).allMatch(answer -> answer.path("code")
                .equals("bot_token_in_use")));
        assertEquals("1", Tables.value("select count(*) from bots where bot_id = " + bot.id()));
    }

    @Test
    void changesAtOnceAreAllThere() {
        var owner = Owner.active();
        var answers = Together.run(AT_ONCE, number -> switch (number % 4) {
            case 0 -> owner.limit(Map.of("max_requests_per_second", 7));
            case 1 -> owner.limit(Map.of("max_concurrent_requests", 3));
            case 2 -> owner.stop();
            default -> owner.verify();
        });
        assertEquals(Map.of(200, (long) AT_ONCE), counted(answers));
        var bot = known(owner);
        assertEquals(List.of(7, 3), List.of(bot.perSecond(), bot.concurrent()));
        assertEquals("stopped", owner.state());
        assertEquals(1, acts(owner, "bot.stopped"));
        assertEquals(2, acts(owner, "bot.limits_changed"));
    }

    @Test
    void aVerificationOfABotThatIsRemovedMeanwhileBringsNothingBack() {
        var owner = Owner.pending();
        BotApi.delay(owner.bot(), "getMe", Duration.ofSeconds(1));
        var answers = Together.run(2, number -> {
            if (number == 0) {
                return owner.verify();
            }
            Eventually.within(5, () -> assertEquals(2, BotApi.asked(owner.bot()).size()));
            return owner.remove();
        });
        assertEquals(
                List.of(404, 200), answers.stream().map(Response::statusCode).toList());
        owner.status().then().statusCode(404);
        assertEquals(0, acts(owner, "bot.verified"));
    }

    @Test
    void whatCallersKnowIsTheNewestAfterEachChange() {
        var owner = Owner.pending();
        assertEquals(BotStatus.PENDING, known(owner).status());
        assertThrows(Problem.class, () -> known(owner).requireCalls());
        owner.verify().then().statusCode(200);
        known(owner).requireCalls();
        awaitKept(owner);
        owner.limit(Map.of("max_requests_per_second", 3)).then().statusCode(200);
        assertEquals(3, known(owner).perSecond());
        awaitKept(owner);
        owner.stop().then().statusCode(200);
        assertEquals(BotStatus.STOPPED, known(owner).status());
        assertEquals(owner.bot().token(), bots.open(known(owner)).secret().reveal());
        owner.remove().then().statusCode(200);
        assertTrue(bots.known(UUID.fromString(owner.user().id()))
                .await()
                .atMost(PATIENCE)
                .isEmpty());
    }

    @Test
    void aRefusedTokenSuspendsOnceAndNeverTheBotThatCameAfter() {
        var owner = Owner.active();
        var old = known(owner);
        Together.run(AT_ONCE, number -> {
            bots.refused(old, "Unauthorized " + number + "\u0000\ud800");
            return number;
        });
        owner.status().then().body("status", equalTo("suspended"));
        assertTrue(known(owner).suspensionReason().orElseThrow().startsWith("Unauthorized "));
        assertEquals(1, acts(owner, "bot.refused"));
        owner.remove().then().statusCode(200);
        bots.refused(old, "too late");
        bots.paused(old, Instant.now().plusSeconds(60));
        var next = new Owner(owner.user(), BotApi.newBot());
        next.create().then().statusCode(201);
        bots.refused(old, "too late");
        bots.paused(old, Instant.now().plusSeconds(60));
        assertEquals(BotStatus.PENDING, known(next).status());
        assertTrue(known(next).pausedUntil().isEmpty());
        next.remove().then().statusCode(200);
        owner.create().then().statusCode(201);
        bots.refused(old, "of another row with the same token");
        assertEquals("pending", owner.state());
    }

    @Test
    void aPauseIsOnRecordOnceAndOnlyGrows() {
        var owner = Owner.active();
        var bot = known(owner);
        var until = Instant.now().plusSeconds(60);
        bots.paused(bot, until);
        bots.paused(bot, until);
        bots.paused(bot, until.minusSeconds(30));
        bots.paused(bot, until.plusSeconds(1));
        assertEquals("rate_limited", owner.state());
        assertTrue(known(owner).isPaused(until));
        assertEquals(
                until.plusSeconds(1).truncatedTo(ChronoUnit.MICROS),
                known(owner).pausedUntil().orElseThrow());
        assertEquals(1, acts(owner, "bot.paused"));
    }

    @Test
    void whatCallersCountIsNotLostToAChange() {
        var owner = Owner.active();
        var change =
                "update bots set total_requests = total_requests + 1, last_used_at = now() where user_id = ?::uuid";
        Together.run(AT_ONCE, number -> {
            if (number % 2 == 0) {
                Tables.change(change, owner.user().id());
            } else {
                owner.limit(Map.of("max_requests_per_second", number));
            }
            return number;
        });
        owner.status().then().body("total_requests", equalTo(AT_ONCE / 2)).body("last_used_at", notNullValue());
    }
}
