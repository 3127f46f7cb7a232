package dev.latchkey.platform.cache;

/** One value of one cache is out of date. */
record Change(String cache, String key) {}
