/**
 * What all kinds of credentials share, and how one is verified.
 *
 * <p>A kind joins by implementing {@link dev.latchkey.credential.CredentialVerifier}, and nothing else. {@link
 * dev.latchkey.credential.Verification} is what comes of looking at a credential: parse (checksum, no I/O) → snapshot (near cache,
 * then PostgreSQL) → state, expiry, address. Scopes and limits follow in {@code access}, for who
 * calls us, and in {@code verification}, for who calls others.
 *
 * <p>Invariants: a text is never kept, only its digest; a refused check consumes nothing; whoever changes a credential fires
 * {@link dev.latchkey.credential.CredentialChanged} in the transaction, and after the commit no call that begins here is answered from
 * an older snapshot, and within a second none on any replica ({@code platform.cache}).
 */
@NullMarked
package dev.latchkey.credential;

import org.jspecify.annotations.NullMarked;
