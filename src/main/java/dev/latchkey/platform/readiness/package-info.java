/**
 * Whether this instance can do its work. Each part that can fail says so in a MicroProfile {@code @Readiness} check of its own
 * package; {@code /health} shows them all to people, and {@code /q/health/ready} to load balancers.
 */
@NullMarked
package dev.latchkey.platform.readiness;

import org.jspecify.annotations.NullMarked;
