package dev.latchkey.grant;

import dev.latchkey.platform.crypto.Sealer;
import dev.latchkey.platform.crypto.Secret;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tokens of one row, sealed by the same key. */
record SealedTokens(byte[] access, byte @Nullable [] refresh, long keyId) {

    SealedTokens(UUID clientId, Secret accessToken, Optional<Secret> refreshToken, Sealer sealer) {
        this(
                sealer.seal(accessToken, Grant.TABLE.place(Grant.ACCESS, clientId))
                        .ciphertext(),
                refreshToken
                        .map(token -> sealer.seal(token, Grant.TABLE.place(Grant.REFRESH, clientId))
                                .ciphertext())
                        .orElse(null),
                sealer.primaryKeyId());
    }
}
