package dev.latchkey.verification;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.credential.Credential;
import dev.latchkey.credential.VerificationCode;
import dev.latchkey.limit.LimitDecision;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link VerifyAnswer} as JSON, put together from what was written before: all that a credential is stays the same from one answer to the
 * next, and only what limits and credits say is new. What is kept is bounded in bytes: texts hold metadata.
 */
@Singleton
class AnswerText {

    private static final long MOST_BYTES = 8 << 20;
    // What a text costs beside its characters.
    private static final int ENTRY_BYTES = 160;
    private static final String BEGINS = "{\"valid\":false,\"code\":\"MALFORMED\",";
    private static final String NEW_FROM_HERE = "\"credits\":";

    private static final byte[] BATCH_BEGINS = "{\"items\":[".getBytes(UTF_8);
    private static final byte[] BATCH_ENDS = "]}".getBytes(UTF_8);

    private final ObjectMapper json;
    // There are as many threads as there are cores.
    private final ThreadLocal<StringBuilder> drafts = ThreadLocal.withInitial(() -> new StringBuilder(1024));
    private final Cache<Credential, String> descriptions = Caffeine.newBuilder()
            .weakKeys()
            .maximumWeight(MOST_BYTES)
            .weigher((Credential credential, String text) -> bytes(text))
            .build();

    AnswerText(ObjectMapper json, MeterRegistry metrics) {
        this.json = json;
        var bound = descriptions.policy().eviction().orElseThrow();
        metrics.gauge("latchkey_answer_texts_bytes", bound, texts -> texts.weightedSize()
                .orElse(0));
    }

    /** In UTF-8, of an outcome that limits decided. */
    byte[] of(Outcome outcome) {
        var credential = outcome.credential().orElseThrow();
        var limits = outcome.limits().orElseThrow();
        var text = drafts.get();
        text.setLength(0);
        text.append("{\"valid\":")
                .append(outcome.isValid())
                .append(",\"code\":\"")
                .append(outcome.code().name())
                .append("\",")
                .append(descriptions.get(credential, this::describe));
        text.append(NEW_FROM_HERE);
        if (limits.credits().isPresent()) {
            text.append(write(Objects.requireNonNull(VerifyAnswer.of(outcome).credits())));
        } else {
            text.append("null");
        }
        appendLimits(text, limits);
        text.append(",\"violated_policies\":").append(limits.allowed() ? "[]" : write(limits.violated()));
        text.append(",\"retry_after\":");
        outcome.retryAfterSeconds().ifPresentOrElse(text::append, () -> text.append("null"));
        append(text, ",\"lease\":", VerifyAnswer.lease(outcome));
        append(text, ",\"shadow\":", VerifyAnswer.shadow(outcome));
        return text.append('}').toString().getBytes(UTF_8);
    }

    /** In UTF-8, of outcomes that limits decided; empty are those that could not be decided. */
    byte[] ofBatch(List<Optional<Outcome>> outcomes) {
        var answers = outcomes.stream()
                .map(outcome -> outcome.map(this::of).orElseGet(this::undecided))
                .toList();
        var size = answers.stream().mapToInt(answer -> answer.length + 1).sum();
        var text = ByteBuffer.allocate(BATCH_BEGINS.length + size - 1 + BATCH_ENDS.length)
                .put(BATCH_BEGINS);
        for (var answer : answers) {
            if (text.position() > BATCH_BEGINS.length) {
                text.put((byte) ',');
            }
            text.put(answer);
        }
        return text.put(BATCH_ENDS).array();
    }

    private byte[] undecided() {
        return write(VerifyAnswer.undecided()).getBytes(UTF_8);
    }

    private void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(name).append(write(value));
        }
    }

    private static void appendLimits(StringBuilder text, LimitDecision limits) {
        text.append(",\"rate_limits\":[");
        for (var policy : limits.policies()) {
            text.append(text.charAt(text.length() - 1) == '[' ? "{\"name\":\"" : ",{\"name\":\"")
                    .append(policy.name())
                    .append("\",\"limit\":")
                    .append(policy.limit())
                    .append(",\"remaining\":")
                    .append(policy.remaining())
                    .append(",\"reset\":")
                    .append(policy.resetSeconds())
                    .append('}');
        }
        text.append(']');
    }

    /** What an answer says between the code and the credits. */
    private String describe(Credential credential) {
        var answer = write(VerifyAnswer.of(new Outcome(
                VerificationCode.MALFORMED,
                Optional.of(credential),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
        return answer.substring(BEGINS.length(), answer.lastIndexOf(NEW_FROM_HERE));
    }

    private static int bytes(String text) {
        var isLatin = text.chars().allMatch(letter -> letter < 256);
        return ENTRY_BYTES + text.length() * (isLatin ? 1 : 2);
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer is always JSON", e);
        }
    }
}
