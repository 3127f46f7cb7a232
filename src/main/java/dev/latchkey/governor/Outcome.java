package dev.latchkey.governor;

import java.time.Duration;

/**
 * What became of a call.
 *
 * @param status 200, Telegram's error code, or 0 if there was no answer
 */
public record Outcome(int status, Duration took) {}
