package dev.latchkey.identity;

import dev.latchkey.platform.caller.Role;
import java.time.Instant;
import java.util.UUID;

/** A user as others see them. */
public record UserView(
        UUID id,
        long number,
        String username,
        String email,
        Role role,
        UUID tenantId,
        boolean disabled,
        Instant createdAt) {

    public static UserView of(User user) {
        return new UserView(
                user.id,
                user.number,
                user.username,
                user.email,
                user.role,
                user.tenantId,
                user.isDisabled(),
                user.createdAt);
    }
}
