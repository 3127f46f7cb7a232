package dev.latchkey.journal;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Where uses are kept until they are shipped. */
@ConfigMapping(prefix = "latchkey.journal")
interface JournalConfig {

    /** On a local disk, or on a volume on which files can be locked. Absent: there is no journal. */
    Optional<Path> directory();

    /** The most that this process keeps; at least two megabytes. */
    @WithDefault("64M")
    MemorySize size();
}
