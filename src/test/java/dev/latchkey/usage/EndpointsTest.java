package dev.latchkey.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever names endpoints with ids in them gets no row for each call. */
class EndpointsTest {

    private final Endpoints endpoints = new Endpoints();
    private final UUID credential = UUID.randomUUID();

    @Test
    void asManyAsAreToldApartStayAndAllFurtherOnesAreOne() {
        var named =
                IntStream.range(0, 10_000).mapToObj(id -> "GET /projects/" + id).toList();
        var told = named.stream()
                .map(endpoint -> endpoints.bounded(credential, endpoint))
                .toList();
        assertEquals(named.subList(0, Endpoints.MOST), told.subList(0, Endpoints.MOST));
        assertEquals(Endpoints.MOST + 1, told.stream().distinct().count());
        assertEquals(Endpoints.OTHER, told.getLast());
        assertEquals(named.getFirst(), endpoints.bounded(credential, named.getFirst()));
    }

    @Test
    void oneCredentialTakesNothingFromAnother() {
        IntStream.range(0, 1000).forEach(id -> endpoints.bounded(credential, "GET /projects/" + id));
        assertEquals("GET /x", endpoints.bounded(UUID.randomUUID(), "GET /x"));
    }
}
