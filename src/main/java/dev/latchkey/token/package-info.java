/**
 * Opaque API tokens: made, listed, changed, rotated and revoked by their tenant; verified like every credential.
 *
 * <p>The text is {@code lk_<env>_<30 base62><6 base62 checksum>}. It is shown once; stored are its SHA-256 digest and its first 12
 * characters. The keyed checksum tells garbage without I/O. A rotated token is a new row that points to the old one by {@code
 * rotated_from}; the old one expires when the grace ends, and both use one budget. Whoever
 * revokes the new one revokes the old one too; whoever revokes the old one ends the grace. What a line of rotations has left of its
 * credits is an account of {@code credit}. Table: {@code api_tokens}. Every change fires
 * {@link dev.latchkey.credential.CredentialChanged}.
 */
@NullMarked
package dev.latchkey.token;

import org.jspecify.annotations.NullMarked;
