/** Asks a Latchkey service whether a credential may be used for something, now. */
module dev.latchkey.client {
    requires transitive java.net.http;

    exports dev.latchkey.client;
}
