package dev.latchkey.token;

import dev.latchkey.platform.json.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a new token shall be. */
record CreateToken(
        @NotNull @Text(max = 100) String name,
        @NotNull @Size(min = 1, max = 64) List<@NotNull @Text(max = 100) String> scopes,
        @Nullable Environment environment,
        @Nullable Instant expiresAt,
        @Nullable @Min(1) @Max(3650) Integer expiresInDays,
        @Nullable @Valid RateLimits rateLimits,
        @Nullable @Valid ShadowRateLimits shadowRateLimits,
        @Nullable @Size(max = 50) List<@NotNull @Text(max = 50) String> allowedCidrs,
        @Nullable Map<String, Object> metadata,
        @Nullable UUID teamId,
        @Nullable @Valid Credits credits) {}
