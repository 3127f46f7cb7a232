package dev.latchkey.governor;

import java.util.Optional;
import java.util.UUID;

/** A bot of which calls are counted, and the line that they go out on. */
public record Counted(UUID line, UUID bot) {

    static Optional<Counted> of(Outgoing call) {
        return call.counted().map(bot -> new Counted(call.line(), bot));
    }

    static Counted parse(String text) {
        var parts = text.split("/", 2);
        return new Counted(UUID.fromString(parts[0]), UUID.fromString(parts[1]));
    }

    String text() {
        return line + "/" + bot;
    }
}
