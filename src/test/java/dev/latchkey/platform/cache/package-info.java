/** Replicas that tell each other what changed. */
@NullMarked
package dev.latchkey.platform.cache;

import org.jspecify.annotations.NullMarked;
