package dev.latchkey.report;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same guarantees, from the packaged service. */
@QuarkusIntegrationTest
class AuditWayIT extends AuditWayTest {}
