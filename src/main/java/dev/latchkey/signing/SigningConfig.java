package dev.latchkey.signing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What the JWTs of this installation say of themselves, and how their keys change. */
@ConfigMapping(prefix = "latchkey.jwt")
interface SigningConfig {

    /** The {@code iss} claim ({@code JWT_ISSUER}): the public base URL of this installation. */
    @WithDefault("http://localhost:8080")
    String issuer();

    /**
     * What the keys are made for that are made from now on: {@code RS256} or {@code ES256} ({@code LATCHKEY_JWT_ALGORITHM}). What others
     * signed goes on.
     */
    @WithDefault("RS256")
    KeyAlgorithm algorithm();

    /** How long a key signs before the next one does. */
    @WithDefault("90d")
    Duration rotateEvery();

    /** How long a key is published before it signs: longer than anybody keeps the JWKS, which is 5 minutes. */
    @WithDefault("10m")
    Duration publishAhead();
}
