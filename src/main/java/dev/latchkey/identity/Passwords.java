package dev.latchkey.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latchkey.platform.crypto.CommonPasswords;
import dev.latchkey.platform.crypto.RandomText;
import dev.latchkey.platform.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.elytron.security.common.BcryptUtil;
import jakarta.enterprise.context.ApplicationScoped;

/** Rules for passwords, and their bcrypt hashes. */
@ApplicationScoped
public class Passwords {

    private static final int FEWEST_BYTES = 12;
    // bcrypt reads no more: a longer password would be cut without a word.
    private static final int MOST_BYTES = 72;

    private final Turns turns = new Turns(Runtime.getRuntime().availableProcessors());
    private final int cost;
    private final String hashOfNobody;
    private final Counter checks;

    Passwords(IdentityConfig config, MeterRegistry metrics) {
        checks = metrics.counter("latchkey_password_checks");
        cost = config.bcryptCost();
        hashOfNobody = BcryptUtil.bcryptHash(RandomText.base62(24), cost);
    }

    String hash(String password) {
        return turns.take(() -> BcryptUtil.bcryptHash(password, cost));
    }

    /** Whether the password is the user's. */
    public boolean matches(User user, String password) {
        return matches(user.passwordHash, password);
    }

    /** Takes the time that {@link #matches} takes, for a user who does not exist. */
    public void matchesNobody(String password) {
        matches(hashOfNobody, password);
    }

    /** @throws Problem {@code validation_failed} naming the field, if the password is weak */
    void check(String field, String password, String username, String email) {
        var length = password.getBytes(UTF_8).length;
        if (length < FEWEST_BYTES || length > MOST_BYTES) {
            throw Problem.invalidField(field, "must have " + FEWEST_BYTES + " to " + MOST_BYTES + " bytes");
        }
        if (!password.codePoints().allMatch(Passwords::isTypeable)) {
            throw Problem.invalidField(field, "must not contain control characters or broken ones");
        }
        if (password.equalsIgnoreCase(username) || password.equalsIgnoreCase(email)) {
            throw Problem.invalidField(field, "must not be the user name or the e-mail address");
        }
        if (CommonPasswords.include(password)) {
            throw Problem.invalidField(field, "is one of the passwords that are tried first");
        }
    }

    // A line break comes with pasting, and a lone surrogate would be hashed as a question mark.
    private static boolean isTypeable(int codePoint) {
        return !Character.isISOControl(codePoint) && Character.getType(codePoint) != Character.SURROGATE;
    }

    private boolean matches(String hash, String password) {
        // Beyond 72 bytes bcrypt would compare a cut password; none that long was ever accepted. It is compared all the
        // same, for the time it takes.
        var fits = password.getBytes(UTF_8).length <= MOST_BYTES && password.indexOf('\0') < 0;
        checks.increment();
        return turns.take(() -> BcryptUtil.matches(fits ? password : "too long", hash)) && fits;
    }
}
