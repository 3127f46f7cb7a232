package dev.latchkey.credential;

import com.github.benmanes.caffeine.cache.Interner;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Role;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.http.Cidr;
import dev.latchkey.platform.json.JsonSize;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An immutable snapshot of a credential of any kind: all that a decision about it needs, and no secret.
 *
 * @param userId who made it
 * @param allowance what its calls may use; a rotated credential goes on with that of its forerunner
 * @param credits the account that its calls are counted down from; empty if they are not
 * @param allowedCidrs from where it may be used; empty for everywhere
 */
public record Credential(
        UUID id,
        UUID tenantId,
        Caller.Kind kind,
        Optional<UUID> userId,
        String name,
        Scopes scopes,
        boolean enabled,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        List<Cidr> allowedCidrs,
        Allowance allowance,
        Optional<CreditLimit> credits,
        Map<String, Object> metadata) {

    private static final Interner<Object> SHARED = Interner.newWeakInterner();
    private static final Interner<Optional<UUID>> USERS = Interner.newWeakInterner();

    public Credential {
        allowedCidrs = List.copyOf(allowedCidrs);
        // Not Map.copyOf: JSON has null values.
        metadata = metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        // Many credentials are of one tenant and one user, and were granted the same.
        tenantId = (UUID) SHARED.intern(tenantId);
        userId = USERS.intern(userId);
        scopes = (Scopes) SHARED.intern(scopes);
    }

    /** About how much memory it takes. */
    int kibibytes() {
        return 1 + JsonSize.bytes(metadata) / 1024;
    }

    public Caller asCaller() {
        return new Caller(kind, tenantId, id, userId, Role.GUEST, scopes);
    }
}
