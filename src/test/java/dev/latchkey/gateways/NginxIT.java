package dev.latchkey.gateways;

/** nginx with the file of the guide. */
class NginxIT extends GatewayContract {

    NginxIT() {
        super(Gateway.Program.NGINX);
    }
}
