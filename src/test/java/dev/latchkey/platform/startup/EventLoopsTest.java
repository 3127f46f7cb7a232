package dev.latchkey.platform.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** There is an event loop for each core of the machine that runs, and two at least, where nobody says otherwise. */
class EventLoopsTest {

    @Test
    void thereIsOneForEachCore() {
        assertEquals(Optional.of("16"), EventLoops.chosen(Map.of(), null, 16));
        assertEquals(Optional.of("2"), EventLoops.chosen(Map.of(), null, 1));
    }

    @Test
    void whatIsConfiguredStands() {
        assertEquals(Optional.empty(), EventLoops.chosen(Map.of(), "5", 16));
        assertEquals(Optional.empty(), EventLoops.chosen(Map.of("QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE", "5"), null, 16));
    }
}
