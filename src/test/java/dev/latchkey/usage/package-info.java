/** What metering guarantees, on the real PostgreSQL and Redis. */
@NullMarked
package dev.latchkey.usage;

import org.jspecify.annotations.NullMarked;
