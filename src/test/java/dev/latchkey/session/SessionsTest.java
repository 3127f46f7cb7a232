package dev.latchkey.session;

import static dev.latchkey.api.Api.newUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.identity.User;
import dev.latchkey.platform.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A login whose password check was under way while the user was changed. */
@QuarkusTest
class SessionsTest {

    @Inject
    Sessions sessions;

    @Test
    void noSessionIsOpenedForAPasswordThatWasChangedMeanwhile() {
        var someone = newUser();
        var seen = look(someone);
        someone.calls()
                .body(Map.of("current_password", Api.PASSWORD, "new_password", "another-long-enough-Password"))
                .post("/api/auth/password")
                .then()
                .statusCode(204);
        assertRefused(seen);
        assertEquals(someone.username(), sessions.open(look(someone), "").user().username());
    }

    @Test
    void noSessionIsOpenedForAUserWhoWasDisabledMeanwhile() {
        var someone = newUser();
        var seen = look(someone);
        Api.admin()
                .calls()
                .body(Map.of("disabled", true))
                .patch("/api/v1/users/" + someone.id())
                .then()
                .statusCode(200);
        assertRefused(seen);
    }

    private void assertRefused(User seen) {
        var problem = assertThrows(Problem.class, () -> sessions.open(seen, ""));
        assertEquals("invalid_credentials", problem.code().code());
    }

    private static User look(Someone someone) {
        return QuarkusTransaction.requiringNew()
                .call(() -> User.findByLogin(someone.username()).orElseThrow());
    }
}
