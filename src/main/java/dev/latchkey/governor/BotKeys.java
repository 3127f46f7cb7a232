package dev.latchkey.governor;

import dev.latchkey.platform.redis.Keyspace;
import dev.latchkey.platform.redis.Keyspaces;
import java.util.UUID;

/** The keys of one line in Redis, and of the bot whose calls are counted; all on one node. */
record BotKeys(Keyspace space, UUID line, UUID bot) {

    static BotKeys of(Keyspaces spaces, Outgoing call) {
        return new BotKeys(
                spaces.of(call.line().toString()), call.line(), call.counted().orElse(call.line()));
    }

    static BotKeys of(Keyspaces spaces, Counted counted) {
        return new BotKeys(spaces.of(counted.line().toString()), counted.line(), counted.bot());
    }

    String slots() {
        return of(line, "slots");
    }

    String pauses() {
        return of(line, "pauses");
    }

    String span(String name) {
        return of(line, "span:" + name);
    }

    String recent() {
        return of(bot, "recent");
    }

    String counts() {
        return of(bot, "counts");
    }

    String countsOnTheirWay() {
        return of(bot, "counts-on-their-way");
    }

    /** The bots of which something was counted. */
    String counted() {
        return counted(space);
    }

    static String counted(Keyspace space) {
        return space.key("governor:counted");
    }

    private String of(UUID whose, String end) {
        return space.key("governor:" + whose + ":" + end);
    }
}
