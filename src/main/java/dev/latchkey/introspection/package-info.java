/**
 * Looking at credentials and revoking them in the way that OAuth has standardised, for gateways and libraries that know nothing of us: token
 * introspection (RFC 7662), token revocation (RFC 7009), and the metadata by which a library finds them (RFC 8414).
 *
 * <p>Whatever kind a credential is of: everything is asked of {@link dev.latchkey.credential.CredentialLookup}. No tables, no events of its own.
 *
 * <p>Invariants: what is not usable, or belongs to another tenant, is told by the same bytes; introspection changes nothing and uses up
 * nothing of what it looks at; errors are problems with OAuth's {@code error} beside ({@code platform.problem}).
 */
@NullMarked
package dev.latchkey.introspection;

import org.jspecify.annotations.NullMarked;
