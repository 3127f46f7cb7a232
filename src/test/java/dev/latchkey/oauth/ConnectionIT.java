package dev.latchkey.oauth;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;

/** The same, from the packaged service. */
@QuarkusIntegrationTest
@TestProfile(AnyIssuer.class)
class ConnectionIT extends ConnectionTest {}
