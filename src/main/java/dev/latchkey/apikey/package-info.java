/**
 * JWT API keys (V2): what their holders carry is signed, and short of nothing that a verifier needs.
 *
 * <p>A key is a JWT of the type {@code ak+jwt}, signed with the installation's rotating keys ({@code signing}), and a row of {@code api_keys}, which
 * has the digest of its text. A text is looked at in this order: signature → claims → row (near cache, else PostgreSQL) → scopes → limits. It is
 * valid as long as its row is: PostgreSQL is the truth, and {@code api_key:<jti>} in Redis shows operators what is valid.
 *
 * <p><b>Roles</b> are configuration: scopes, life, hourly limit, and which roles a key of the role may create ({@code KeyRoles}). What a role grants
 * is written into the key when it is made; its limit is that of the role today.
 *
 * <p><b>Invariants.</b> A key is refreshed once, in the last day of its life, and stops at that moment; its successor goes on with its budget. Keys that
 * a withdrawn signing key signed are revoked with it. A derived token ({@code DerivedTokens}) has no row: it stands for a part of its key for at
 * most an hour, uses its limits and dies with it; it may neither derive, refresh, create nor revoke.
 *
 * <p>Table: {@code api_keys}. Events: {@link dev.latchkey.apikey.ApiKeyEvent}.
 */
@NullMarked
package dev.latchkey.apikey;

import org.jspecify.annotations.NullMarked;
