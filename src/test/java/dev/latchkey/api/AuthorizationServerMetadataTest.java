package dev.latchkey.api;

import static dev.latchkey.api.Api.anonymous;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** RFC 8414: libraries find the endpoints by it. */
@QuarkusTest
class AuthorizationServerMetadataTest {

    @Test
    void itSaysWhatThereIsAndMayBeKept() {
        anonymous()
                .get("/.well-known/oauth-authorization-server")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", containsString("max-age=300"))
                .body(equalTo("""
                        {"issuer":"http://localhost:8080","jwks_uri":"http://localhost:8080/.well-known/jwks.json",\
                        "response_types_supported":[],"grant_types_supported":[],\
                        "introspection_endpoint":"http://localhost:8080/oauth2/introspect",\
                        "introspection_endpoint_auth_methods_supported":["client_secret_basic"],\
                        "revocation_endpoint":"http://localhost:8080/oauth2/revoke",\
                        "revocation_endpoint_auth_methods_supported":["client_secret_basic"]}"""));
    }
}
