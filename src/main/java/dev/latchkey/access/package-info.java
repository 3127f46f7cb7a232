/**
 * How a request is let in: who is calling, how often they may, whether they may do this, and the record that they did.
 *
 * <p>The steps run in the order of {@link dev.latchkey.platform.http.FilterOrder}: authenticate, limit, authorise; and, on the way
 * back, meter. Limits come before authorisation, so that refused calls are limited too. What an endpoint asks for stands in its
 * {@link dev.latchkey.platform.caller.Access} mark; one without a mark lets nobody in.
 */
@NullMarked
package dev.latchkey.access;

import org.jspecify.annotations.NullMarked;
