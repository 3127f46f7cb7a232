package dev.latchkey.platform.cache;

/**
 * One value of one cache is out of date.
 *
 * @param audience which of the feed's clients are told: those of one tenant, by its id, or all of them if it is empty
 */
record Change(String cache, String key, String audience) {

    static final String ALL = "";

    boolean isFor(String who) {
        return audience.equals(ALL) || audience.equals(who);
    }
}
