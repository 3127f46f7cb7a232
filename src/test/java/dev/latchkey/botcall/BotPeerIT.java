package dev.latchkey.botcall;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;

/** The same, from the packaged service. */
@QuarkusIntegrationTest
@TestProfile(BotPeerTest.Peer.class)
class BotPeerIT extends BotPeerTest {}
