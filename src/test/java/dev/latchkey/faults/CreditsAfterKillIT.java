package dev.latchkey.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Eventually;
import dev.latchkey.api.Instance;
import dev.latchkey.api.OwnDatabase;
import dev.latchkey.faults.Attack.Target;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Credits add up although instances are killed while they decide, answer, and move what was spent into the ledger. How often: {@code
 * -Dlatchkey.kills=10}.
 */
class CreditsAfterKillIT {

    private static final int KILLS = Integer.getInteger("latchkey.kills", 3);
    private static final long PLENTY = 10_000_000;
    private static final long FEW = 501;
    private static final Caller CALLER = new Caller();

    private static final List<Instance> instances = new CopyOnWriteArrayList<>();
    private static OwnDatabase database;
    private static String session;
    private static Asker asker;

    @BeforeAll
    static void start() throws Exception {
        database = OwnDatabase.create("credits_after_kill");
        for (var i = 0; i < 3; i++) {
            instances.add(newInstance());
        }
        instances.forEach(Instance::awaitReady);
        session = CALLER.logIn(base());
        asker = new Asker(CALLER.newToken(base(), session, Map.of("scopes", List.of("verify:tokens")))
                .text());
    }

    @AfterAll
    static void stop() {
        instances.forEach(Instance::close);
    }

    @Test
    void whatWasSpentIsWhatWasAdmittedAndTheLedgerIsTheSum() throws Exception {
        var few = target(FEW, 7, true);
        var plenty = target(PLENTY, 7, false);
        var ones = target(PLENTY, 1, false);
        var over = new AtomicBoolean();
        var attack = new Attack(asker, instances, List.of(few, plenty, ones));
        var attacking = CompletableFuture.runAsync(() -> run(attack, over));
        for (var i = 0; i < KILLS; i++) {
            Thread.sleep(2000);
            var number = ThreadLocalRandom.current().nextInt(instances.size());
            instances.get(number).kill();
            instances.set(number, newInstance());
            instances.get(number).awaitReady();
        }
        over.set(true);
        attacking.get();
        Eventually.within(60, () -> assertEquals(0, instances.getFirst().metric("latchkey_usage_stream_lag")));
        assertSumsUp(few, FEW);
        assertSumsUp(plenty, PLENTY);
        assertSumsUp(ones, PLENTY);
        assertEquals(
                spent(ones), number("sum(calls) from token_usage_events where status = 200 and credential_id", ones));
        assertTrue(few.history().admittedUnits() <= FEW, "more admitted than there were");
        assertEquals(FEW, spent(few));
    }

    private static void assertSumsUp(Target target, long granted) {
        var history = target.history();
        var admitted = history.admittedUnits();
        System.out.printf("Admitted %d, unanswered %d, spent %d%n", admitted, history.unansweredUnits(), spent(target));
        // Redis has decided it; what it decided is in the ledger when the others took over what was left of the killed.
        Eventually.within(
                60, () -> assertEquals(granted - remaining(target), spent(target), "the ledger and Redis agree"));
        var spent = spent(target);
        assertTrue(admitted <= spent, admitted + " were admitted, " + spent + " spent");
        assertTrue(spent <= admitted + history.unansweredUnits(), spent + " were spent, " + admitted + " admitted");
        assertEquals(granted - spent, number("balance from credit_accounts where id", target));
        assertEquals(granted - spent, number("sum(amount) from credit_entries where account_id", target));
        assertEquals(
                spent,
                number("sum(credits) from token_usage_events where status = 200 and credential_id", target),
                "what was spent is what the uses cost");
        assertEquals(
                number("sum(calls) from token_usage_events where credential_id", target),
                number("sum(requests) from usage_aggregates where credential_id", target));
    }

    private static long spent(Target target) {
        return number("-coalesce(sum(amount), 0) from credit_entries where kind = 'spend' and account_id", target);
    }

    private static long number(String select, Target target) {
        return Long.parseLong(database.value(
                "select %s = '%s'".formatted(select, target.token().id())));
    }

    private static long remaining(Target target) {
        try {
            var answer = asker.verify(base(), target.token(), 0);
            return answer.remaining().getOrDefault(History.CREDITS, -1L);
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Target target(long credits, long mostCost, boolean mustBeUsedUp) throws Exception {
        return new Target(
                CALLER.newToken(base(), session, Map.of("credits", credits)),
                new History(List.of(), Map.of(History.CREDITS, credits)),
                mostCost,
                mustBeUsedUp);
    }

    private static void run(Attack attack, AtomicBoolean over) {
        try {
            attack.run(over::get);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Instance newInstance() {
        // A busy build machine must not turn an exact decision into a local one.
        return Instance.start(
                database.settings(Map.of("latchkey.limits.timeout", "20s", "latchkey.redis.timeout", "20s")));
    }

    private static String base() {
        return instances.getFirst().base();
    }
}
