package dev.latchkey.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.local.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Bot API that others wrote (telegram-test-api, on Node.js) in a process of its own, which ends with this one. It lets every token in, and never
 * refuses for being called too often.
 */
public final class TelegramTestApi {

    private static final Path SOURCE = Path.of("src/test/node/telegram-test-api");
    private static final Path FOLDER = Path.of("target/telegram-test-api");
    private static final String LOCK = "package-lock.json";
    private static final String INSTALLED = "installed-lock.json";
    private static final int PATIENCE_MINUTES = 5;

    private TelegramTestApi() {}

    private static final class Running {

        static final URI URL = start();

        private Running() {}
    }

    /** Where it is; the same one for all who ask. Skips the test where there is no Node.js. */
    public static URI url() {
        assumeTrue(isThere("npm"), "npm is needed for this test");
        return Running.URL;
    }

    private static URI start() {
        try {
            install();
            var builder = new ProcessBuilder("node", "server.mjs")
                    .directory(FOLDER.toFile())
                    .redirectError(Files.createTempFile("latchkey-telegram-test-api-", ".err")
                            .toFile());
            builder.environment().put("PORT", Integer.toString(FreePort.choose()));
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            var line = new BufferedReader(process.inputReader(UTF_8)).readLine();
            return URI.create(new ObjectMapper().readTree(line).path("url").asText());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // The lock file names versions and their digests; from where they come is the machine's business.
    private static void install() throws IOException {
        Files.createDirectories(FOLDER);
        for (var file : List.of("package.json", LOCK, ".npmrc", "server.mjs")) {
            Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var installed = FOLDER.resolve(INSTALLED);
        if (Files.exists(installed) && Files.mismatch(installed, SOURCE.resolve(LOCK)) < 0) {
            return;
        }
        var output = Files.createTempFile("latchkey-npm-", ".out");
        var process = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            assertEquals(0, process.waitFor(), Files.readString(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Files.copy(SOURCE.resolve(LOCK), installed, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isThere(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
