package dev.latchkey.platform.http;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the address a request comes from: the socket's, unless that is a configured proxy; then the right-most address of
 * {@code X-Forwarded-For} that is not a configured proxy itself. What stands further left was written by the client.
 */
@Singleton
class ClientAddress {

    static final String FORWARDED_FOR = "X-Forwarded-For";

    private static final int MOST_KNOWN = 10_000;

    private final List<Cidr> trustedProxies;
    private final LoadingCache<String, String> known = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .build(text -> Cidr.normalise(text).orElse(""));

    ClientAddress(HttpConfig config) {
        trustedProxies = config.trustedProxies().orElse(List.of()).stream()
                .map(Cidr::parse)
                .toList();
    }

    String of(HttpServerRequest request) {
        var remote = request.connection().remoteAddress();
        var socket = remote == null ? "" : normalised(remote.hostAddress());
        return trustedProxies.isEmpty()
                ? socket
                : resolve(socket, request.headers().getAll(FORWARDED_FOR));
    }

    String resolve(String socket, List<String> forwarded) {
        var address = socket;
        var hops = forwarded.stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .toList()
                .reversed();
        for (var hop : hops) {
            if (!isTrusted(address)) {
                return address;
            }
            Optional<String> next = Cidr.normalise(hop.strip());
            if (next.isEmpty()) {
                return address;
            }
            address = next.get();
        }
        return address;
    }

    private String normalised(String address) {
        return known.get(address);
    }

    private boolean isTrusted(String address) {
        return trustedProxies.stream().anyMatch(proxies -> proxies.contains(address));
    }
}
