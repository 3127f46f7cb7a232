/**
 * Keeps grants alive: each is refreshed ahead of its end, by one replica at a time (ADR 0018), and told to its provider when it is over.
 *
 * <p>A provider that fails is asked again later, and takes nothing away from anybody meanwhile.
 */
@NullMarked
package dev.latchkey.refresh;

import org.jspecify.annotations.NullMarked;
