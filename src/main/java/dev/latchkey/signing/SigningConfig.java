package dev.latchkey.signing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the JWTs of this installation say of themselves. */
@ConfigMapping(prefix = "latchkey.jwt")
interface SigningConfig {

    /** The {@code iss} claim ({@code JWT_ISSUER}): the public base URL of this installation. */
    @WithDefault("http://localhost:8080")
    String issuer();
}
