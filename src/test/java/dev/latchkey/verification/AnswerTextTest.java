package dev.latchkey.verification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.latchkey.credential.Allowance;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.limit.Budget;
import dev.latchkey.limit.LimitDecision;
import dev.latchkey.limit.LimitDecision.DecidedBy;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Texts that are kept take a bounded part of the memory, however long they are. */
class AnswerTextTest {

    private static final int MOST_BYTES = 8 << 20;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AnswerText texts = new AnswerText(
            JsonMapper.builder()
                    .addModules(new JavaTimeModule(), new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build(),
            metrics);

    @Test
    void credentialsWithLargeMetadataDoNotFillTheMemory() throws InterruptedException {
        // Their keys stay, as in the near cache: 20 000 texts of 4 000 letters of two bytes would be 160 MB.
        var credentials = new ArrayList<Credential>();
        for (var i = 0; i < 20_000; i++) {
            var credential = credential("\u03b1".repeat(4000));
            credentials.add(credential);
            assertTrue(new String(texts.of(decided(credential)), UTF_8)
                    .contains(credential.id().toString()));
        }
        // The cache evicts behind the caller.
        for (var tries = 0; tries < 500 && kept() > MOST_BYTES; tries++) {
            Thread.sleep(20);
        }
        assertTrue(kept() <= MOST_BYTES, () -> kept() + " bytes");
        assertTrue(kept() > MOST_BYTES / 2, () -> kept() + " bytes");
        assertEquals(20_000, credentials.size());
    }

    private double kept() {
        return metrics.get("latchkey_answer_texts_bytes").gauge().value();
    }

    private static Outcome decided(Credential credential) {
        return new Outcome(
                VerificationCode.VALID,
                Optional.of(credential),
                Optional.of(new LimitDecision(true, List.of(), DecidedBy.REDIS)),
                Optional.empty(),
                Optional.empty());
    }

    private static Credential credential(String metadata) {
        return new Credential(
                UUID.randomUUID(),
                UUID.randomUUID(),
                Caller.Kind.API_TOKEN,
                Optional.empty(),
                Optional.empty(),
                "x",
                Scopes.of("read:reports"),
                true,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Allowance.of(List.of(new Budget("token:x", List.of()))),
                Optional.empty(),
                Map.of("x", metadata));
    }
}
