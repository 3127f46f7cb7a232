package dev.latchkey.api;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same way, through the packaged service. */
@QuarkusIntegrationTest
class FirstTokenIT extends FirstTokenTest {}
