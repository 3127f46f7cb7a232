package dev.latchkey.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same guarantees, from the packaged service. */
@QuarkusIntegrationTest
class ClientCredentialsIT extends ClientCredentialsTest {}
