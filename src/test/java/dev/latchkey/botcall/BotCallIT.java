package dev.latchkey.botcall;

import dev.latchkey.bot.BotApi;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;

/** The same, from the packaged service. */
@QuarkusIntegrationTest
@TestProfile(BotApi.class)
class BotCallIT extends BotCallTest {}
