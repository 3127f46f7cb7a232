/** The laws of pages. */
@NullMarked
package dev.latchkey.platform.paging;

import org.jspecify.annotations.NullMarked;
