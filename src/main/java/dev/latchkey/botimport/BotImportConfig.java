package dev.latchkey.botimport;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** What opens the columns of another service. */
@ConfigMapping(prefix = "latchkey.bots")
interface BotImportConfig {

    /** {@code BOT_ENCRYPTION_KEY} as the other service has it: keys with commas between them, tried in this order. Needed while bots are imported only. */
    Optional<List<String>> fernetKey();
}
