package dev.latchkey.governor;

import dev.latchkey.platform.redis.Keyspace;
import dev.latchkey.platform.redis.Keyspaces;
import java.util.UUID;

/** The keys of one bot in Redis, all on one node. */
record BotKeys(Keyspace space, UUID bot) {

    static BotKeys of(Keyspaces spaces, UUID bot) {
        return new BotKeys(spaces.of(bot.toString()), bot);
    }

    String slots() {
        return of("slots");
    }

    String pauses() {
        return of("pauses");
    }

    String recent() {
        return of("recent");
    }

    String counts() {
        return of("counts");
    }

    String countsOnTheirWay() {
        return of("counts-on-their-way");
    }

    /** The bots of which something was counted. */
    String counted() {
        return counted(space);
    }

    static String counted(Keyspace space) {
        return space.key("governor:counted");
    }

    String span(String name) {
        return of("span:" + name);
    }

    private String of(String end) {
        return space.key("governor:" + bot + ":" + end);
    }
}
