/**
 * The near cache, and how replicas tell each other what changed.
 *
 * <p>A {@link dev.latchkey.platform.cache.NearCache} keeps immutable values for at most 30 seconds. Whoever changes the truth calls
 * {@link dev.latchkey.platform.cache.Invalidations#publish} after the commit: the value is forgotten here at once, and by every other
 * replica as soon as it reads the Redis stream {@code latchkey:invalidations}, which is at once too. Each entry carries an
 * epoch, one more than the entry before; a replica that sees a gap forgets everything, and one that cannot read the
 * stream bypasses its caches until it can: it fails closed.
 */
@NullMarked
package dev.latchkey.platform.cache;

import org.jspecify.annotations.NullMarked;
