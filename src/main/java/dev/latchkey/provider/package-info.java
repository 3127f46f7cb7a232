/**
 * The OAuth 2.0 providers that connections are made with, as data, and what is said to them: the token endpoint (RFC 6749), revocation (RFC 7009).
 *
 * <p>A provider is configured by the operator, or found by discovery as {@code oidc:<issuer>}. Whatever a provider answers is untrusted: it is
 * bounded in size and time, never redirected, and classified before anything is made of it. An address that a tenant chose is reached in public
 * networks only.
 */
@NullMarked
package dev.latchkey.provider;

import org.jspecify.annotations.NullMarked;
