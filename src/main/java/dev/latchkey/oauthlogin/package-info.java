/**
 * How accounts are connected: by a login in a browser, by a device's code, or by the client itself.
 *
 * <p>A login is bound to a client, and with it to a tenant, and to a browser by a sealed state, which comes back once. Nothing is stored for one that
 * never comes back.
 *
 * <p>Table: {@code oauth_used_states}.
 */
@NullMarked
package dev.latchkey.oauthlogin;

import org.jspecify.annotations.NullMarked;
