package dev.latchkey.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.RequestFacts;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What takes the short way, and what may not. */
class PlainQuestionsTest {

    private final PlainQuestions questions = new PlainQuestions();

    @Test
    void whatClientsAskMostIsPlainOnceItWasAskedBefore() {
        assertTrue(read("{\"token\":\"a\"}").isPresent());
        assertEquals(7, read("{\"token\":\"a\",\"cost\":7}").orElseThrow().cost());
        var scoped = "{\"token\":\"a\",\"scopes\":[\"read:x\",\"read:y\"],\"resource\":\"GET /x\",\"cost\":2}";
        assertFalse(read(scoped).isPresent());
        learn(List.of("read:x", "read:y"), null);
        var question = read(scoped).orElseThrow();
        assertEquals(List.of("read:x", "read:y"), question.needs().words());
        assertEquals("GET /x", question.endpoint());
        // Known as a list, and not word by word.
        assertFalse(read("{\"token\":\"a\",\"scopes\":[\"read:x\"]}").isPresent());
    }

    @Test
    void whatTheLongWayMayRefuseIsNotPlain() {
        learn(List.of("a:b"), null);
        learn(null, "a:b");
        for (var rest : List.of(
                "\"cost\":0",
                "\"cost\":-1",
                "\"cost\":1.0",
                "\"cost\":\"1\"",
                "\"cost\":null",
                "\"cost\":1000000001",
                "\"cost\":99999999999999999999",
                "\"scopes\":[]",
                "\"scopes\":\"a:b\"",
                "\"scopes\":[\"a:b\",null]",
                "\"scopes\":[[\"a:b\"]]",
                "\"scopes\":[\"a:b\"],\"permissions\":\"a:b\"",
                "\"permissions\":\"a:b\",\"scopes\":[\"a:b\"]",
                "\"resource\":\"GET /never\"",
                "\"ip\":\"192.0.2.1\"")) {
            assertFalse(read("{\"token\":\"a\"," + rest + "}").isPresent(), rest);
        }
    }

    @Test
    void longListsAreNotRemembered() {
        var scopes = List.of("read:" + "x".repeat(90), "read:y");
        learn(scopes, null);
        assertFalse(read("{\"token\":\"a\",\"scopes\":[\"" + String.join("\",\"", scopes) + "\"]}")
                .isPresent());
    }

    private void learn(@Nullable List<String> scopes, @Nullable String permissions) {
        questions.learn(
                new VerifyRequest("a", scopes, permissions, null, null, null, "GET /x"),
                PermissionQuery.all(scopes == null ? List.of("a:b") : scopes));
    }

    private Optional<Question> read(String body) {
        return questions.read(Buffer.buffer(body), UUID.randomUUID(), new RequestFacts("id", "192.0.2.7", 0));
    }
}
