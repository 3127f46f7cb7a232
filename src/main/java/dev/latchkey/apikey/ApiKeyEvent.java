package dev.latchkey.apikey;

import java.util.UUID;

/** What happened to a key; fired in the transaction of the act, where there is one. */
public sealed interface ApiKeyEvent {

    /** @param jti the id of its row */
    record Created(UUID tenantId, UUID jti, String keyId) implements ApiKeyEvent {}

    /** It stopped before its time. */
    record Ended(UUID tenantId, UUID jti, String keyId, String reason) implements ApiKeyEvent {}

    /** Somebody tried to refresh it, in vain; in no transaction. */
    record RefreshRefused(UUID tenantId, UUID jti, String keyId) implements ApiKeyEvent {}
}
