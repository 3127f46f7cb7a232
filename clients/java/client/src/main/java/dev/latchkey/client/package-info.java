/**
 * Asks a Latchkey service whether a credential may be used for something, now.
 *
 * <p>{@link dev.latchkey.client.LatchkeyClient} is the way in. It may keep answers for some seconds. That is safe because it follows the
 * service's feed of changes: what a revocation made wrong is dropped within a second, and while the feed is not heard nothing that is kept
 * is used.
 *
 * <p>No secret is kept, logged or told: of a credential's text only its SHA-256 stays in memory.
 */
package dev.latchkey.client;
