package dev.latchkey.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.credential.UseListener;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.http.FilterOrder;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.id.Uuid7;
import dev.latchkey.usage.Meter;
import dev.latchkey.usage.UsageEvent;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Records each call that was made with a credential. The answer leaves only when the event is safe. */
class MeteringFilter {

    private final Meter meter;
    private final ObjectMapper json;
    private final Clock clock;
    private final LastUses lastUses;
    private final List<UseListener> listeners;

    MeteringFilter(Meter meter, ObjectMapper json, LastUses lastUses, @All List<UseListener> listeners, Clock clock) {
        this.listeners = listeners;
        this.meter = meter;
        this.json = json;
        this.lastUses = lastUses;
        this.clock = clock;
    }

    @ServerResponseFilter(priority = FilterOrder.METER)
    Uni<Void> meter(ContainerRequestContext request, ContainerResponseContext response, RoutingContext context) {
        tellListeners(request, response, context);
        return Admission.find(context)
                .flatMap(admission -> admission
                        .caller()
                        .filter(Caller::isCredential)
                        .filter(caller -> !admission.rule().forAnother()
                                || response.getStatus() >= 400
                                || lastUses.isDue(caller.id()))
                        .map(caller -> event(caller, admission.rule(), request, response, RequestFacts.of(context))))
                .map(meter::record)
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private void tellListeners(
            ContainerRequestContext request, ContainerResponseContext response, RoutingContext context) {
        var admission = Admission.find(context);
        admission
                .flatMap(Admission::credential)
                .filter(found -> found.label().isPresent())
                .ifPresent(credential -> {
                    var facts = RequestFacts.of(context);
                    var use = new UseListener.Use(
                            admission.orElseThrow().rule().endpoint(),
                            request.getMethod(),
                            response.getStatus(),
                            Duration.ofNanos(System.nanoTime() - facts.startedNanos()),
                            facts.address(),
                            facts);
                    UseListener.tell(listeners, credential, use);
                });
    }

    private UsageEvent event(
            Caller caller,
            AccessRule rule,
            ContainerRequestContext request,
            ContainerResponseContext response,
            RequestFacts facts) {
        return new UsageEvent(
                Uuid7.next(),
                clock.instant(),
                caller.tenantId(),
                caller.id(),
                caller.kind().word(),
                caller.userId(),
                rule.endpoint(),
                request.getMethod(),
                response.getStatus(),
                Duration.ofNanos(System.nanoTime() - facts.startedNanos()),
                Math.max(0, request.getLength()) + size(response.getEntity()),
                facts.id(),
                wasUsed(response.getStatus()) ? rule.scopes() : List.of());
    }

    // A call that was refused for its scope, or before anyone looked at its scope, used none.
    private static boolean wasUsed(int status) {
        return status != 403 && status != 429 && status != 503;
    }

    /** The bytes of the answer's body. JSON is written twice for it, the first time into nothing: it must be known before the answer leaves. */
    private long size(@Nullable Object entity) {
        return switch (entity) {
            case null -> 0;
            case byte[] bytes -> bytes.length;
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            default -> written(entity);
        };
    }

    private long written(Object entity) {
        var counter = new Counter();
        try {
            json.writeValue(counter, entity);
        } catch (IOException e) {
            throw new IllegalStateException("Every answer is JSON, text or bytes", e);
        }
        return counter.bytes;
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int one) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int offset, int length) {
            bytes += length;
        }
    }
}
