package dev.latchkey.oauthclient;

import java.util.UUID;

/** Of the client of this branch something else is true. Fired in the transaction that changes it. */
public record OauthClientEvent(UUID tenantId, String branchId) {}
