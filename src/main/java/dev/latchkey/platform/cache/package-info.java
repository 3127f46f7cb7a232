/**
 * The near cache, and how replicas tell each other what changed.
 *
 * <p>A {@link dev.latchkey.platform.cache.NearCache} keeps immutable values for at most 30 seconds. Whoever changes the truth calls
 * {@link dev.latchkey.platform.cache.Invalidations#announce} in the transaction of the change (ADR 0009). That writes a row into the outbox
 * {@code platform_invalidations}; after the commit the value is forgotten here, and the row goes into the Redis stream {@code
 * latchkey:invalidations} by whichever replica is first, and is deleted.
 *
 * <p>Every replica reads the outbox, and then the stream, about five times a second. Each entry of the stream carries an epoch, one more than
 * the entry before; a replica that sees a gap forgets everything.
 *
 * <p>{@link dev.latchkey.platform.cache.ChangeFeed} tells clients what the stream told this replica, by the same epochs (ADR 0010).
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>A call that begins after the change was answered never gets the old value from the replica that changed it, and from any other
 *       none that begins 750 ms after the commit. {@code CacheTrust} is asked at each use, so that this holds for a replica that stood still, too.
 *   <li>A replica that cannot read the stream, or gets no answer from PostgreSQL, bypasses its caches: it fails closed. One whose
 *       PostgreSQL is down for certain goes on with what it has, for the rest of its 30 seconds.
 *   <li>A replica that begins to trust its caches begins with empty ones. A load that a change overtook is not kept.
 *   <li>A client of the feed is told of every change, or to forget everything, or that the feed is not to be relied on.
 *   <li>A row that no replica can give to Redis is dropped after five minutes.
 * </ul>
 */
@NullMarked
package dev.latchkey.platform.cache;

import org.jspecify.annotations.NullMarked;
