package dev.latchkey.oauth;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Lets the packaged service talk to the providers of tests, which are on this machine and speak plain HTTP. */
public final class AnyIssuer implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("latchkey.oauth.discovery", "any");
    }
}
