package dev.latchkey.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;

/** Which callers were lately recorded as having called, for calls that are metered on somebody else's account. */
@Singleton
public class LastUses {

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Cache<UUID, Boolean> recorded =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(PAUSE).build();

    /** Whether it would not be due. */
    public boolean isRecorded(UUID caller) {
        return recorded.getIfPresent(caller) != null;
    }

    /** True for one call of a caller in each minute, on this replica. */
    boolean isDue(UUID caller) {
        return recorded.getIfPresent(caller) == null && recorded.asMap().putIfAbsent(caller, true) == null;
    }
}
