package dev.latchkey.token;

import dev.latchkey.limit.Window;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many calls a token may make. In a request, what is left out stays as it is. */
record RateLimits(
        @Nullable @Min(1) @Max(MOST) Long perMinute,
        @Nullable @Min(1) @Max(MOST) Long perHour,
        @Nullable @Min(1) @Max(MOST) Long perDay) {

    static final long MOST = 1_000_000_000;

    static List<Window> windows(ApiToken token) {
        return List.of(Window.minute(token.perMinute), Window.hour(token.perHour), Window.day(token.perDay));
    }

    static RateLimits of(ApiToken token) {
        return new RateLimits(token.perMinute, token.perHour, token.perDay);
    }

    void applyTo(ApiToken token) {
        token.perMinute = perMinute == null ? token.perMinute : perMinute;
        token.perHour = perHour == null ? token.perHour : perHour;
        token.perDay = perDay == null ? token.perDay : perDay;
    }
}
