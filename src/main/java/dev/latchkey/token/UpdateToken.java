package dev.latchkey.token;

import dev.latchkey.platform.json.Text;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What shall change of a token; what is left out or null stays as it is. */
record UpdateToken(
        @Nullable @Text(max = 100) String name,
        @Nullable @Size(min = 1, max = 64) List<@NotNull @Text(max = 100) String> scopes,
        @Nullable @Valid RateLimits rateLimits,
        @Nullable @Valid ShadowRateLimits shadowRateLimits,
        @Nullable @Size(max = 50) List<@NotNull @Text(max = 50) String> allowedCidrs,
        @Nullable Map<String, Object> metadata,
        @Nullable Boolean enabled) {}
