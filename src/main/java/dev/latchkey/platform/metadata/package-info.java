/**
 * What tenants keep with their things: JSON of theirs, bounded and storable, and none of our business.
 */
@NullMarked
package dev.latchkey.platform.metadata;

import org.jspecify.annotations.NullMarked;
