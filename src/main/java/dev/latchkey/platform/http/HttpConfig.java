package dev.latchkey.platform.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** How requests reach this service. */
@ConfigMapping(prefix = "latchkey.http")
interface HttpConfig {

    /** The proxies in front of us, as CIDR blocks. Only they may say for whom they speak ({@code X-Forwarded-For}). */
    Optional<List<String>> trustedProxies();

    /** The largest body that is read. */
    @WithDefault("1M")
    MemorySize maxBodySize();
}
