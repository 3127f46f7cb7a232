/**
 * The keys that this service signs JWTs with, and their public halves at {@code /.well-known/jwks.json} (RFC 7517).
 *
 * <p><b>The life of a key</b> is told by {@code KeyState}: next, current, retiring, retired; or withdrawn. There is always one current key and
 * one next key, which is published before it signs. Keys rotate on a schedule and by command; a retiring key verifies until the last
 * token that it signed has expired; a withdrawn one is refused at once by every replica, whatever it signed. Of several replicas,
 * one changes keys at a time.
 *
 * <p><b>Invariants.</b> A private half is sealed, and dropped when its key signs no more. A JWT names its key by {@code kid}; only keys of ours
 * are ever used to verify, and only with the algorithm that they were made for. Which key signs is read from PostgreSQL in the
 * transaction that signs. What was verified once is remembered by {@link dev.latchkey.signing.JwtReader}, and counts only while its key verifies.
 *
 * <p>A feature that signs implements {@link dev.latchkey.signing.SignedCredentials}, so that an administrator sees what dies with a key.
 * Table: {@code signing_keys}.
 */
@NullMarked
package dev.latchkey.signing;

import org.jspecify.annotations.NullMarked;
