/**
 * The change of the keyset while the service runs.
 *
 * <p>An operator adds a key to the keyset, makes it the primary one, and takes the old one away when no row needs it any more. {@link
 * dev.latchkey.platform.sealing.Resealing} seals every row of every {@link dev.latchkey.platform.crypto.SealedTable} anew that the primary
 * key did not seal; {@code SealedRows} counts the rows of each key, as a metric; {@code KeysetCheck} refuses to start with a keyset that
 * lacks a key which rows still need.
 */
@NullMarked
package dev.latchkey.platform.sealing;

import org.jspecify.annotations.NullMarked;
