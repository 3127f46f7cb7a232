/**
 * Connections: an account is connected once (see {@code oauthlogin}), and from then on there is a token that works now, until the connection is ended.
 *
 * <p>Tokens are told to who may read connections, and each reading is a line of the log category {@code TOKEN_AUDIT}. Tokens that this replica knows,
 * asked for by a credential that it knows, are answered on a short way.
 */
@NullMarked
package dev.latchkey.oauth;

import org.jspecify.annotations.NullMarked;
