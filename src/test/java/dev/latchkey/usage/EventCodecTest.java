package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {

    private static final UsageEvent EVENT = new UsageEvent(
            UUID.fromString("0192f0c1-0000-7000-8000-000000000001"),
            Instant.parse("2026-11-21T13:46:07.123456789Z"),
            UUID.fromString("0192f0c1-0000-7000-8000-000000000002"),
            UUID.fromString("0192f0c1-0000-7000-8000-000000000003"),
            "api_token",
            Optional.of(UUID.fromString("0192f0c1-0000-7000-8000-000000000004")),
            "/api/v1/audits/{id}",
            "GET",
            404,
            Duration.ofNanos(1_234_567),
            321,
            "req-1",
            List.of("read:audits", "write:audits"));

    private static final String TEXT = "{\"id\":\"0192f0c1-0000-7000-8000-000000000001\",\"at\":1795268767123456,"
            + "\"tenant\":\"0192f0c1-0000-7000-8000-000000000002\",\"credential\":\"0192f0c1-0000-7000-8000-000000000003\","
            + "\"kind\":\"api_token\",\"method\":\"GET\",\"endpoint\":\"/api/v1/audits/{id}\",\"status\":404,\"micros\":1234,"
            + "\"bytes\":321,\"request\":\"req-1\",\"user\":\"0192f0c1-0000-7000-8000-000000000004\","
            + "\"scopes\":[\"read:audits\",\"write:audits\"]}";

    private final EventCodec codec = new EventCodec();

    @Test
    void theTextInTheStreamStaysAsReplicasOfOtherVersionsKnowIt() {
        assertEquals(TEXT, codec.encode(EVENT));
        assertEquals(EVENT, codec.decode(TEXT));
    }

    @Test
    void everyEventReadsBackAsItWasWritten() {
        var sample = SampleEvents.ofNewCredential();
        for (var event : sample.random(new Random(1), 200, Instant.parse("1969-12-31T23:00:00Z"), 2)) {
            assertEquals(event, codec.decode(codec.encode(event)));
        }
    }

    @Test
    void aFieldOfALaterVersionIsNoHindrance() {
        assertEquals(EVENT, codec.decode(TEXT.replace("\"bytes\"", "\"later\":{\"a\":1},\"bytes\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "not json",
                "{}",
                "{\"id\":\"x\"}",
                "{\"id\":\"0192f0c1-0000-7000-8000-000000000001\""
            })
    void whatIsNoEventIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> codec.decode(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"status\":404=\"status\":99",
                "\"status\":404=\"status\":600",
                "\"status\":404=\"status\":\"404\"",
                "\"status\":404=\"status\":4294967696",
                "\"micros\":1234=\"micros\":-1",
                "\"micros\":1234=\"micros\":1.5",
                "\"bytes\":321=\"bytes\":-1",
                "\"bytes\":321=\"bytes\":99999999999999999999",
                "\"at\":1795268767123456=\"at\":null",
                "\"kind\":\"api_token\"=\"kind\":7",
                "\"scopes\":[\"read:audits\"=\"scopes\":[3"
            })
    void anEventWithOneWrongFieldIsRefused(String replacement) {
        var parts = replacement.split("=");
        assertThrows(IllegalArgumentException.class, () -> codec.decode(TEXT.replace(parts[0], parts[1])));
    }
}
