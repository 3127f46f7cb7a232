/** Guards resources of Jakarta REST with Latchkey. */
module dev.latchkey.client.jaxrs {
    requires transitive dev.latchkey.client;
    requires transitive jakarta.ws.rs;
    requires static jakarta.annotation;
    requires static jakarta.cdi;
    requires static jakarta.inject;

    exports dev.latchkey.client.jaxrs;
}
