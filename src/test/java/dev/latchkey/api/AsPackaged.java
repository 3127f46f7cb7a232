package dev.latchkey.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** What the packaged service has and tests have not, a journal. Addresses are told by a header. */
public final class AsPackaged implements QuarkusTestProfile {

    static final int SIGNATURES = 1000;

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            return Map.of(
                    "latchkey.jwt.algorithm",
                    "RS256",
                    "latchkey.journal.directory",
                    Files.createTempDirectory("latchkey-test-journal-").toString(),
                    "latchkey.http.trusted-proxies",
                    "127.0.0.0/8",
                    "latchkey.limits.signatures-per-minute",
                    Integer.toString(SIGNATURES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
