/**
 * May this caller do this, now? One answer for every kind of credential, to back ends ({@code POST /api/v1/verify}) and to gateways
 * ({@code /api/v1/forward-auth}).
 *
 * <p>The checks run in the order of {@link dev.latchkey.credential.VerificationCode}: text, state, address ({@code
 * credential.CredentialLookup}), scopes ({@link dev.latchkey.platform.caller.PermissionQuery}), then limits and credits, which are one decision.
 *
 * <p>Invariants: a check that refuses consumes nothing; a credential of another tenant cannot be told from one that does not exist; whoever
 * asks needs {@code verify:tokens}, and neither their limits nor their usage grow with what they ask; each answer
 * about a usable credential is one usage event of that credential, but for a cost of 0; who gives back a slot learns nothing by it. What no limit bounds is bounded here: {@code settlement.RefusedUses} lets
 * refusals for want of a scope travel together, and {@code usage.Endpoints} tells only so many resources apart. In a batch each question has its
 * own fate: what cannot be decided is {@code UNAVAILABLE} in its place.
 */
@NullMarked
package dev.latchkey.verification;

import org.jspecify.annotations.NullMarked;
