package dev.latchkey.botimport;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;

/** The same, from the packaged service. */
@QuarkusIntegrationTest
@TestProfile(FernetKeys.class)
class BotImportIT extends BotImportTest {}
