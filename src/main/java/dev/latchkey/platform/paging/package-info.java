/**
 * Lists in pages: {@code ?limit=} from 1 to 200, an opaque {@code ?cursor=}, and {@code items} with {@code next_cursor}.
 */
@NullMarked
package dev.latchkey.platform.paging;

import org.jspecify.annotations.NullMarked;
