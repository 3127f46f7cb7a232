package dev.latchkey.grant;

import java.util.UUID;

/**
 * A grant changed its state. Fired in the transaction that changes it.
 *
 * @param reason the provider's error code, or what failed; empty if nothing did
 */
public record GrantEvent(UUID tenantId, UUID clientId, GrantState state, String reason) {}
