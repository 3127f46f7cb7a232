/**
 * What was granted to OAuth clients: one grant for each client, and what becomes of it.
 *
 * <p>Whoever asks the provider has taken the grant's lease, which outlives the call, and writes only if the grant is still the version that was read. A
 * failed refresh never takes away a token that has life left (ADR 0018).
 *
 * <p>States: {@code connected}, {@code degraded} (the last refresh failed, the next is due), {@code reauthorization_required} (the provider ended it:
 * somebody must log in again), {@code revoked}.
 *
 * <p>Table: {@code oauth_grants}. Events: {@link dev.latchkey.grant.GrantEvent}.
 */
@NullMarked
package dev.latchkey.grant;

import org.jspecify.annotations.NullMarked;
