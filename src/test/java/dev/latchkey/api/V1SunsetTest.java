package dev.latchkey.api;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;

/** On the day of the sunset the warning is over, and the first version is off by itself. */
@QuarkusTest
@TestProfile(V1SunsetTest.Sunset.class)
class V1SunsetTest extends V1OffTest {

    /** Today. */
    public static final class Sunset implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "LATCHKEY_V1",
                    "warn",
                    "LATCHKEY_V1_SUNSET",
                    LocalDate.now(ZoneOffset.UTC).toString());
        }
    }
}
