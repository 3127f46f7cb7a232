package dev.latchkey.gateways;

/** Caddy with the file of the guide. */
class CaddyIT extends GatewayContract {

    CaddyIT() {
        super(Gateway.Program.CADDY);
    }
}
