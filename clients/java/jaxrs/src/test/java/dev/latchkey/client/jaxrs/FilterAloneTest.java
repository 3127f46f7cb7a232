package dev.latchkey.client.jaxrs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latchkey.client.LatchkeyClient;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where no scope ends with the request, the end of the resource gives its slots back, each once, and nobody waits for that. */
@Timeout(60)
class FilterAloneTest {

    private final FakeLatchkey latchkey = FakeLatchkey.start();
    private final ContainerRequestContext request = request();
    private final ContainerResponseContext response =
            fake(ContainerResponseContext.class, (fake, method, given) -> null);

    @Test
    void theResponseGivesBackWhatTheRequestTook() throws InterruptedException {
        latchkey.answer = """
                {"valid":true,"code":"VALID","lease":{"id":"$LEASE","expires_at":"2030-01-31T12:00:30Z"}}""";
        latchkey.releasing.drainPermits();
        try (var client =
                LatchkeyClient.builder(latchkey.base(), "lk_own").withoutCache().build()) {
            var filter = new LatchkeyFilter(client);
            filter.resource = fake(
                    ResourceInfo.class,
                    (fake, method, given) ->
                            method.getName().equals("getResourceMethod") ? Calls.class.getMethod("done") : Calls.class);
            filter.filter(request);
            assertEquals(List.of(), latchkey.releases);
            filter.filter(request, response);
            filter.filter(request, response);
            latchkey.awaitReleases(1);
            // By two filters, as of an application that has one of its own besides.
            filter.filter(request);
            filter.filter(request);
            filter.filter(request, response);
            latchkey.awaitReleases(3);
            assertEquals(3, latchkey.releases.size());
            assertEquals(3, latchkey.releases.stream().distinct().count());
        } finally {
            latchkey.releasing.release(Integer.MAX_VALUE);
        }
    }

    private static ContainerRequestContext request() {
        var properties = new HashMap<Object, Object>();
        var headers = new MultivaluedHashMap<>(Map.of("X-API-Key", "lk_live_x"));
        return fake(ContainerRequestContext.class, (fake, method, given) -> switch (method.getName()) {
            case "getHeaders" -> headers;
            case "getProperty" -> properties.get(given[0]);
            case "setProperty" -> properties.put(given[0], given[1]);
            default -> null;
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }
}
