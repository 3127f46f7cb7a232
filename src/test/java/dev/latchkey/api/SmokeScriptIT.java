package dev.latchkey.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.RestAssured;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code scripts/api-key-smoke.sh} as an operator runs it, against the packaged service. */
@QuarkusIntegrationTest
class SmokeScriptIT {

    private record Run(int status, String output) {}

    private static Run run(String base, String password) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "scripts/api-key-smoke.sh", base).redirectErrorStream(true);
        builder.environment().put("LATCHKEY_ADMIN_USERNAME", "admin");
        builder.environment().put("LATCHKEY_ADMIN_PASSWORD", password);
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), output);
    }

    @Test
    void everyCheckPassesAndNoKeyIsShown() throws IOException, InterruptedException {
        var run = run("http://localhost:" + RestAssured.port + "/", "correct-horse-battery-staple-test");
        assertEquals(0, run.status(), run.output());
        assertTrue(run.output().contains("Total: 36  Passed: 36  Failed: 0"), run.output());
        assertTrue(!run.output().contains("eyJ") && !run.output().contains("v1_"), run.output());
    }

    @Test
    void whatFailsIsCounted() throws IOException, InterruptedException {
        var run = run("http://localhost:" + RestAssured.port, "a-wrong-password-for-this-test");
        assertEquals(1, run.status(), run.output());
        assertTrue(run.output().contains("FAIL  the administrator logs in"), run.output());
        assertTrue(!run.output().contains("Failed: 0"), run.output());
    }

    @Test
    void whatIsNotThereIsToldApart() throws IOException, InterruptedException {
        assertEquals(2, run("http://localhost:1", "x").status());
    }
}
