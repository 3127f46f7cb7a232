package dev.latchkey.keywatch;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Something unusual about a key; fired in a transaction, once a day for each key and reason.
 *
 * @param credentialId the id of its row
 * @param details figures, by name
 */
public record SuspiciousActivity(
        UUID tenantId, UUID credentialId, String keyId, Reason reason, Map<String, Object> details) {

    /** What is unusual; the words of the log and of the table. */
    public enum Reason {
        SPIKE,
        NEW_NETWORK,
        MANY_REFUSALS,
        RAPID_REFRESH;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
