package dev.latchkey.botadmin;

import dev.latchkey.identity.User;
import dev.latchkey.platform.problem.Problem;
import java.util.Optional;
import java.util.UUID;

/** What a user is called by: the number, or the UUID. */
record UserReference(String text) {

    private static final String NUMBER = "[0-9]{1,18}";
    private static final String IN_HEX = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";
    private static final UUID NOBODY = new UUID(0, 0);

    /** @throws Problem {@code validation_failed} for what no user can be called */
    static UserReference parameter(String text) {
        if (!text.matches(NUMBER) && !text.matches(IN_HEX)) {
            throw Problem.invalidField("user_id", "must be a user's number or UUID");
        }
        return new UserReference(text);
    }

    /**
     * In the caller's transaction.
     *
     * @throws Problem {@code not_found}
     */
    User get() {
        return find().orElseThrow(Problem::notFound);
    }

    /** The user's id, or one that nobody has. In the caller's transaction. */
    UUID idOrNobody() {
        return find().map(user -> user.id).orElse(NOBODY);
    }

    private Optional<User> find() {
        if (text.matches(NUMBER)) {
            return User.<User>find("number", Long.valueOf(text)).firstResultOptional();
        }
        return text.matches(IN_HEX) ? User.findByIdOptional(UUID.fromString(text)) : Optional.empty();
    }
}
