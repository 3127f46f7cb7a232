/**
 * The manners of every HTTP answer: request id, client address, security headers, body size, idempotency keys.
 *
 * <p>{@link dev.latchkey.platform.http.FilterOrder} is the table of what runs before a resource, in which order. Table:
 * {@code idempotency_keys}.
 */
@NullMarked
package dev.latchkey.platform.http;

import org.jspecify.annotations.NullMarked;
