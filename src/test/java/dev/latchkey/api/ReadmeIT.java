package dev.latchkey.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The walk of the README works as printed: its blocks are run by a shell, word for word, against the packaged service. */
class ReadmeIT {

    private static final Pattern SHELL_BLOCK = Pattern.compile("```bash\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theWalkOfTheReadmeWorksAsPrinted(@TempDir Path folder) throws Exception {
        // The admin of dev mode is not there: its login stands for that of the tests.
        var dev = Map.of(
                "http://localhost:8080", "@BASE@",
                "\"latchkey-dev-only\"", "\"correct-horse-battery-staple-test\"");
        try (var service = Instance.start(Map.of("latchkey.limits.timeout", "10s", "latchkey.redis.timeout", "10s"))
                .awaitReady()) {
            var script = readme();
            for (var word : dev.entrySet()) {
                assertTrue(script.contains(word.getKey()), word.getKey() + " stands in the README");
                script = script.replace(word.getKey(), word.getValue());
            }
            var output = run(script.replace("@BASE@", service.base()), folder);

            assertTrue(output.contains("\"token\":\"lk_live_"), output);
            assertTrue(output.contains("RateLimit: \"minute\";r=7;t=60"), output);
            assertTrue(output.contains("\"status\":\"completed\""), output);
            assertTrue(output.contains("never_expires"), output);
            assertTrue(output.contains("\"total_requests\":3"), output);
            assertTrue(output.contains("200 200 200 200 200 429 429 429"), output);
            assertTrue(output.contains("\"violated_policies\":[\"minute\"]"), output);
            assertTrue(output.contains("200 200 \n204"), output);
            assertTrue(output.contains("\"code\":\"revoked_token\""), output);
            assertTrue(output.contains("{\"valid\":true,\"code\":\"VALID\",\"kind\":\"api_token\""), output);
            assertTrue(output.contains("\"metadata\":{\"plan\":\"pro\"},\"credits\":null"), output);
            assertTrue(output.contains("{\"valid\":false,\"code\":\"INSUFFICIENT_SCOPE\""), output);
            assertTrue(output.contains("\"role\":\"basic\",\"scopes\":[\"chat:read\",\"chat:write\"]"), output);
            assertTrue(output.contains("\"role\":\"basic\",\"scopes\":[\"chat:read\"],"), output);
            assertTrue(output.endsWith("401\n"), output);
        }
    }

    private static String readme() throws IOException {
        return SHELL_BLOCK
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining());
    }

    private static String run(String script, Path folder) throws IOException, InterruptedException {
        var process = new ProcessBuilder("bash", "-eu", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
