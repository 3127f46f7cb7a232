package dev.latchkey.botimport;

import dev.latchkey.platform.json.Text;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line: a bot as the other service has it. {@link ImportCheck} sees what else is missing, or wrong with it; times are as they were written.
 *
 * @param user the name or the address of its owner here
 * @param botToken a Fernet token, as are the hash, the phone and the session
 * @param rateLimitRps 30 if left out
 * @param maxConcurrentRequests 10 if left out
 * @param isVerified false if left out
 */
@RegisterForReflection
record ImportedBot(
        @NotNull @Text(max = LONGEST_NAME) String user,
        @NotNull String botToken,

        @Nullable @Pattern(regexp = "[A-Za-z0-9_]{1,64}", message = "must be 1 to 64 letters, digits or _, without @")
        String botUsername,

        @Nullable Long botId,
        @Nullable Long telegramApiId,
        @Nullable String telegramApiHash,
        @Nullable String telegramPhone,
        @Nullable String sessionString,

        @NotNull
        @Pattern(regexp = STATUSES, message = "must be one of active, error, pending, rate_limited, stopped, suspended")
        String status,

        @Nullable Boolean isVerified,
        @Nullable Integer rateLimitRps,
        @Nullable Integer maxConcurrentRequests,
        @Nullable @Min(0) @Max(MOST_REQUESTS) Long totalRequests,
        @Nullable String lastUsedAt,
        @Nullable @Text(max = 500) String suspensionReason,
        @Nullable String createdAt) {

    static final int LONGEST_NAME = 254;
    // More than any bot makes in its life, and room for as many again.
    static final long MOST_REQUESTS = 1_000_000_000_000_000L;
    static final String STATUSES = "active|error|pending|rate_limited|stopped|suspended";

    @Override
    public String toString() {
        return "ImportedBot";
    }
}
