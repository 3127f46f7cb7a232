package dev.latchkey.platform.crypto;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.util.Optional;

/** The key material that seals what is stored. */
@ConfigMapping(prefix = "latchkey.keyset")
interface CryptoConfig {

    /** A Tink AEAD keyset as JSON ({@code LATCHKEY_KEYSET}). Whoever has it and the database can read every stored secret. */
    @WithParentName
    Optional<String> json();

    /** A file that holds it instead ({@code LATCHKEY_KEYSET_FILE}), as secret mounts do. */
    @WithName("file")
    Optional<String> file();
}
