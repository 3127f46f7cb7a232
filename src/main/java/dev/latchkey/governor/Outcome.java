package dev.latchkey.governor;

import java.time.Duration;

/**
 * What became of a call.
 *
 * @param method as it is counted: names that Telegram does not know should share one
 * @param status 200, Telegram's error code, or 0 if there was no answer
 */
public record Outcome(String method, int status, Duration took) {}
