/** The manners that are pure functions: addresses, texts. */
@NullMarked
package dev.latchkey.platform.http;

import org.jspecify.annotations.NullMarked;
