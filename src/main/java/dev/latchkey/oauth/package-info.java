/**
 * Connections: an account is connected once, by a login in a browser, and from then on there is a token that works now.
 *
 * <p>A login is bound to a client and a browser by a sealed state, which comes back once. Tokens are told to who may read connections, and each
 * reading is a line of the log category {@code TOKEN_AUDIT}.
 *
 * <p>Table: {@code oauth_used_states}.
 */
@NullMarked
package dev.latchkey.oauth;

import org.jspecify.annotations.NullMarked;
