/**
 * Logging in and staying so: access tokens (JWT, {@code at+jwt}, RFC 9068), refresh tokens that rotate, and the lock after too many
 * failures.
 *
 * <p>A session is a family of refresh tokens (RFC 9700, section 4.14.2): each is used once; a second use ends the family, since one
 * of the two who used it is a thief. An access token is checked against its session at each call, from the near cache, so
 * that what ends a session ends its access tokens at once. Tables: {@code sessions}, {@code refresh_tokens}, {@code
 * login_failures}.
 */
@NullMarked
package dev.latchkey.session;

import org.jspecify.annotations.NullMarked;
