package dev.latchkey.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same, from the packaged service. */
@QuarkusIntegrationTest
class BadConnectionInputIT extends BadConnectionInputTest {}
