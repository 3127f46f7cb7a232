package dev.latchkey.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of many questions each has its own fate, and each is asked in the plainest form. */
class BatchTest {

    private static final List<VerifyRequest> QUESTIONS =
            List.of(VerifyRequest.of("lk_live_a"), VerifyRequest.of("lk_live_b").withCost(2));

    @Test
    void whatCouldNotBeDecidedIsAsThePolicySaysAndTheRestIsAnswered() throws IOException {
        try (var peer = new Peer();
                var closed = plain(peer).build();
                var open = plain(peer).failurePolicy(FailurePolicy.OPEN).build()) {
            peer.verify = (exchange, body) -> Peer.send(
                    exchange,
                    200,
                    "{\"items\":[" + Peer.VALID + ",{\"valid\":false,\"code\":\"UNAVAILABLE\",\"retry_after\":1}]}");
            assertEquals(
                    List.of(Verification.Code.VALID, Verification.Code.UNAVAILABLE),
                    closed.verifyBatch(QUESTIONS).stream()
                            .map(Verification::code)
                            .toList());
            assertEquals(
                    List.of(Verification.Code.VALID, Verification.Code.UNVERIFIED),
                    open.verifyBatch(QUESTIONS).stream().map(Verification::code).toList());
            assertEquals(
                    Map.of("items", List.of(Map.of("token", "lk_live_a"), Map.of("token", "lk_live_b", "cost", 2L))),
                    peer.questions.get(0));
        }
    }

    private static LatchkeyClientBuilder plain(Peer peer) {
        return peer.client().withoutCache().timeout(Duration.ofSeconds(20));
    }
}
