/**
 * The clients that tenants registered with OAuth providers: one for each branch, with its secrets.
 *
 * <p>A client is called by a number, or by what its provider calls it. Its secrets are sealed, bound to their rows, and never told; while a provider
 * changes from one to the next there are several, and the newest is tried first.
 *
 * <p>Tables: {@code oauth_clients}, {@code oauth_client_secrets}.
 */
@NullMarked
package dev.latchkey.oauthclient;

import org.jspecify.annotations.NullMarked;
