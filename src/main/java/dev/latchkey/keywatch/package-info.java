/**
 * Watches over API keys of either version: each use is a line of the log category {@code API_AUDIT}, and what is unusual for a key is raised.
 *
 * <p>Suspicious is: many more calls than the key's own history lets expect ({@code spike}), a network that it was never used from ({@code new_network}), many
 * refusals for want of a scope ({@code many_refusals}), and refreshing again and again in vain ({@code rapid_refresh}). Each is raised once a day and key, as an
 * audit entry {@code api_key.suspicious} and a {@link dev.latchkey.keywatch.SuspiciousActivity}; nothing is refused for it.
 *
 * <p>Tables: {@code keywatch_networks}, {@code keywatch_suspicions}.
 */
@NullMarked
package dev.latchkey.keywatch;

import org.jspecify.annotations.NullMarked;
