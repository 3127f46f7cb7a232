package dev.latchkey.identity;

import java.util.Optional;
import java.util.UUID;

/** What happened to a user; fired in the transaction of the act. */
public sealed interface UserEvent {

    UUID userId();

    /** @param keptSession the session in which the password was changed, which goes on */
    record PasswordChanged(UUID userId, Optional<UUID> keptSession) implements UserEvent {}

    /** No event of a user, but a question before one: someone with their session tries their password. Observers may refuse. */
    record PasswordTried(UUID userId) {}

    /** Role or state changed: what sessions may do is another thing now. */
    record AccessChanged(UUID userId, boolean disabled) implements UserEvent {}
}
