package dev.latchkey.usage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Bounds the endpoints by which the uses of a credential are told apart, where others name them: {@value #MOST} of each credential an hour on
 * this replica, and {@value #OTHER} for all further ones. Whoever writes ids into them would else have a row for each call.
 */
@Singleton
public class Endpoints {

    /** What stands for all that are too many. */
    public static final String OTHER = "other";

    static final int MOST = 200;

    private static final Duration LIFE = Duration.ofHours(1);
    private static final long MOST_BYTES = 32 << 20;
    private static final int ENTRY_BYTES = 120;

    private final Cache<UUID, Set<String>> known = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((UUID credential, Set<String> endpoints) -> bytes(endpoints))
            .expireAfter(Expiry.creating((UUID credential, Set<String> endpoints) -> LIFE))
            .build();

    /** The endpoint as it is recorded. */
    public String bounded(UUID credentialId, String endpoint) {
        var endpoints = known.getIfPresent(credentialId);
        if (endpoints != null && endpoints.contains(endpoint)) {
            return endpoint;
        }
        if (endpoints != null && endpoints.size() >= MOST) {
            return OTHER;
        }
        // A new set each time, so that it is weighed anew; at most as often as there are endpoints.
        var now =
                known.asMap().compute(credentialId, (id, before) -> with(before == null ? Set.of() : before, endpoint));
        return now.contains(endpoint) ? endpoint : OTHER;
    }

    private static Set<String> with(Set<String> before, String endpoint) {
        if (before.size() >= MOST || before.contains(endpoint)) {
            return before;
        }
        var all = new HashSet<>(before);
        all.add(endpoint);
        return all;
    }

    private static int bytes(Set<String> endpoints) {
        return ENTRY_BYTES
                + endpoints.stream()
                        .mapToInt(endpoint -> ENTRY_BYTES + 2 * endpoint.length())
                        .sum();
    }
}
