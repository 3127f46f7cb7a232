package dev.latchkey.api;

import dev.latchkey.oauth.AnyIssuer;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;

/** The same, from the packaged service. */
@QuarkusIntegrationTest
@TestProfile(AnyIssuer.class)
class BadConnectionInputIT extends BadConnectionInputTest {}
