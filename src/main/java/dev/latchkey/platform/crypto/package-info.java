/**
 * Secrets: how they are made, hashed, compared and sealed.
 *
 * <p>What we only compare is hashed by {@link dev.latchkey.platform.crypto.Digests}; what we must read back is sealed by
 * {@link dev.latchkey.platform.crypto.Sealer}, bound to its table, column and row, so that a ciphertext moved elsewhere cannot be
 * opened. A feature that stores such a secret produces a {@link dev.latchkey.platform.crypto.SealedTable}. {@link dev.latchkey.platform.crypto.PlatformSecrets} keeps the few secrets that the service makes for itself. Table:
 * {@code platform_secrets}.
 */
@NullMarked
package dev.latchkey.platform.crypto;

import org.jspecify.annotations.NullMarked;
