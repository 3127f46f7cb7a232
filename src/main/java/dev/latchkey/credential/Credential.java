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
 * @param label what its kind calls it, beside its id; empty for kinds that have nothing more to say
 * @param userId who made it
 * @param issuedAt in seconds since 1970: there are many of these in memory
 * @param allowance what its calls may use; a rotated credential goes on with that of its forerunner
 * @param credits the account that its calls are counted down from; empty if they are not
 * @param allowedCidrs from where it may be used; empty for everywhere
 */
public record Credential(
        UUID id,
        UUID tenantId,
        Caller.Kind kind,
        Optional<Label> label,
        Optional<UUID> userId,
        String name,
        Scopes scopes,
        boolean enabled,
        long issuedAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        List<Cidr> allowedCidrs,
        Allowance allowance,
        Optional<CreditLimit> credits,
        Map<String, Object> metadata) {

    /**
     * What the holders of a kind know their credentials by.
     *
     * @param keyId unlike the id chosen for people
     * @param role in the words of the kind
     */
    public record Label(String keyId, String role) {}

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

    /** What others call it: its kind's own id, or else {@link #id}. */
    public String keyId() {
        return label.map(Label::keyId).orElseGet(id::toString);
    }

    /** The same with less: what a text may do that was derived from its own. It is of a kind of its own. */
    Credential derived(Caller.Kind as, Scopes some, Instant until) {
        return new Credential(
                id,
                tenantId,
                as,
                label,
                userId,
                name,
                some,
                enabled,
                issuedAt,
                expiresAt.filter(until::isAfter).or(() -> Optional.of(until)),
                revokedAt,
                allowedCidrs,
                allowance,
                credits,
                metadata);
    }

    public Caller asCaller() {
        return new Caller(kind, tenantId, id, userId, Role.GUEST, scopes);
    }
}
