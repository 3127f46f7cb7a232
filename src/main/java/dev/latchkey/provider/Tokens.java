package dev.latchkey.provider;

import dev.latchkey.platform.crypto.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * What a token endpoint granted (RFC 6749, section 5.1).
 *
 * @param refreshToken empty if the old one, if any, goes on
 * @param scope empty if it is what was asked for
 * @param life empty if it was not told
 */
public record Tokens(
        Secret accessToken,
        Optional<Secret> refreshToken,
        String tokenType,
        Optional<String> scope,
        Optional<Duration> life) {

    /** With the life of those before, if their own was not told. */
    public Tokens livingAs(Optional<Duration> before) {
        return new Tokens(accessToken, refreshToken, tokenType, scope, life.or(() -> before));
    }
}
