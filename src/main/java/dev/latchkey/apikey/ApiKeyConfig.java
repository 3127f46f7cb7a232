package dev.latchkey.apikey;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Settings of keys, beside their roles. */
@ConfigMapping(prefix = "latchkey.api-key")
interface ApiKeyConfig {

    /** To whom keys belong that nobody known creates: a user's name. By default the first administrator. */
    Optional<String> anyonesOwner();
}
