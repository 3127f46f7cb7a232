package dev.latchkey.credential;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Settings of all credential kinds. */
@ConfigMapping(prefix = "latchkey.credentials")
interface CredentialConfig {

    /** Scopes of the operator's own, beside those of the product ({@code LATCHKEY_CREDENTIALS_EXTRA_SCOPES}, with commas). */
    Optional<List<String>> extraScopes();

    /** How many KiB of snapshots a replica keeps in memory. One counts 1, and its metadata, if there is more than a little, what it takes besides. */
    @WithDefault("100000")
    int nearCacheSize();
}
