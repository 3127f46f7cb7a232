package dev.latchkey.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept is used only while changes are heard of, and is what the service would say. */
class CacheTest {

    private static final VerifyRequest REQUEST = VerifyRequest.of("lk_live_a").withScopes("read:reports");

    private Peer peer;
    private LatchkeyClient client;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        peer = new Peer();
        client = peer.caching(peer.client().timeout(Duration.ofSeconds(20)).cacheMaxAge(Duration.ofSeconds(60)));
    }

    @AfterEach
    void stop() {
        client.close();
        peer.close();
    }

    @Test
    void whatWasAskedIsNotAskedAgainAndWhatIsAnotherQuestionIs() {
        assertTrue(client.verify(REQUEST).valid());
        assertTrue(client.verify(REQUEST).valid());
        assertEquals(1, peer.questions.size());
        client.verify(REQUEST.withScopes("write:reports"));
        client.verify(REQUEST.withIp("192.0.2.7"));
        client.verify(REQUEST.withResource("GET /"));
        client.verify(VerifyRequest.of("lk_live_b").withScopes("read:reports"));
        assertEquals(5, peer.questions.size());
        client.verify(REQUEST.withCost(0));
        client.verify(REQUEST.withCost(0));
        assertEquals(7, peer.questions.size());
    }

    @Test
    void whatChangedIsAskedAgainAndTheRestIsNot() throws InterruptedException {
        var other = VerifyRequest.of("lk_live_b");
        client.verify(REQUEST);
        client.verify(other);
        peer.verify = (exchange, body) -> Peer.send(exchange, 200, "{\"valid\":false,\"code\":\"REVOKED\"}");
        peer.change(Question.of(REQUEST).name());
        Peer.until(() -> !client.verify(REQUEST).valid());
        assertTrue(client.verify(other).valid());
    }

    @Test
    void anAnswerThatAChangeOvertookIsNotKept() throws InterruptedException {
        var asked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        peer.verify = (exchange, body) -> {
            asked.countDown();
            release.await();
            Peer.send(exchange, 200, Peer.VALID);
        };
        var late = client.verifyAsync(REQUEST);
        asked.await();
        peer.changeAndAwait(Question.of(REQUEST).name());
        peer.verify = (exchange, body) -> Peer.send(exchange, 200, "{\"valid\":false,\"code\":\"REVOKED\"}");
        release.countDown();
        assertTrue(late.join().valid());
        assertFalse(client.verify(REQUEST).valid());
    }

    @Test
    void anAnswerSoonAfterAChangeIsNotKeptForAnotherReplicaMayNotHaveHeard() throws InterruptedException {
        peer.changeAndAwait(Question.of(REQUEST).name());
        client.verify(REQUEST);
        client.verify(REQUEST);
        assertEquals(2, peer.questions.size());
    }

    @Test
    void aResetForgetsEverything() throws InterruptedException {
        client.verify(REQUEST);
        peer.verify = (exchange, body) -> Peer.send(exchange, 200, "{\"valid\":false,\"code\":\"REVOKED\"}");
        peer.reset();
        Peer.until(() -> !client.verify(REQUEST).valid());
        Peer.until(() -> peer.polls.get(peer.polls.size() - 1).contains("after=7"));
    }

    @Test
    void whileTheFeedIsDownEveryQuestionIsAsked() throws InterruptedException {
        client.verify(REQUEST);
        client.verify(REQUEST);
        assertEquals(1, peer.questions.size());
        peer.feedIsUp = false;
        Peer.until(() -> !client.isCacheLive());
        client.verify(REQUEST);
        client.verify(REQUEST);
        assertEquals(3, peer.questions.size());
        peer.feedIsUp = true;
        Peer.until(client::isCacheLive);
        client.verify(REQUEST);
        assertEquals(4, peer.questions.size());
    }

    @Test
    void aSilentFeedIsNotTakenForCalm() throws InterruptedException {
        var settings = peer.client().timeout(Duration.ofSeconds(20));
        settings.silenceMax = ChangeFollower.SILENCE_MAX;
        settings.pollTimeout = Duration.ofMinutes(5);
        try (var impatient = settings.build()) {
            Peer.until(impatient::isCacheLive);
            peer.feedIsSilent = true;
            // And not because the poll failed.
            Peer.until(() -> !impatient.isCacheLive());
        }
    }

    @Test
    void usesOfAKeptAnswerAreChargedWithTheNextQuestion() throws InterruptedException {
        for (var i = 0; i < 5; i++) {
            client.verify(REQUEST);
        }
        client.verify(REQUEST.withCost(3));
        peer.change(Question.of(REQUEST).name());
        Peer.until(() -> {
            client.verify(REQUEST.withCost(0));
            client.verify(REQUEST);
            return costs().size() > 1;
        });
        assertEquals(1L, costs().get(0));
        // 4 uses and one of 3, and those that came before the change was heard of.
        assertTrue(costs().get(1) >= 1 + 4 + 3, costs().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"RATE_LIMITED", "USAGE_EXCEEDED", "INSUFFICIENT_SCOPE", "FORBIDDEN_IP", "DISABLED", "NEW_IN_2030"
            })
    void whatARefusalDidNotChargeIsChargedWithTheQuestionAfterIt(String code) throws InterruptedException {
        for (var i = 0; i < 5; i++) {
            client.verify(REQUEST);
        }
        peer.verify = (exchange, body) -> Peer.send(exchange, 200, "{\"valid\":false,\"code\":\"" + code + "\"}");
        peer.change(Question.of(REQUEST).name());
        Peer.until(() -> !client.verify(REQUEST).valid());
        peer.verify = (exchange, body) -> Peer.send(exchange, 200, Peer.VALID);
        peer.change(Question.of(REQUEST).name());
        Peer.until(() -> client.verify(REQUEST).valid());
        assertTrue(costs().get(costs().size() - 1) >= 1 + 4, costs().toString());
    }

    @Test
    void closingEndsTheFollowing() throws InterruptedException {
        client.close();
        assertFalse(client.isCacheLive());
        Thread.sleep(1200);
        var polls = peer.polls.size();
        Thread.sleep(1500);
        assertEquals(polls, peer.polls.size());
    }

    private List<Long> costs() {
        return peer.questions.stream()
                .map(question -> question.get("cost") instanceof Long cost ? cost : 1L)
                .filter(cost -> cost > 0)
                .toList();
    }
}
