package dev.latchkey.verification;

import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.RequestFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is asked about a credential.
 *
 * @param text the credential's text, whatever came
 * @param tenant whose credentials are known to the asker; empty for all
 * @param address from where the holder calls, in numeric form; empty if that is not known
 * @param cost units of each limit, and credits; 0 looks and takes nothing
 * @param tags words of the asker's own for reports
 * @param endpoint what the holder wants to use, for reports
 * @param facts of the request that asks
 */
public record Question(
        String text,
        Optional<UUID> tenant,
        String address,
        PermissionQuery needs,
        long cost,
        List<String> tags,
        String method,
        String endpoint,
        RequestFacts facts) {

    /** Endpoints of ours, which need no bound: there are no more of them. */
    static final Set<String> OWN_ENDPOINTS = Set.of(
            VerifyRequest.ENDPOINT,
            "/api/v1/forward-auth",
            "/api/auth/v2/validate",
            "/token-management/tokens/{branch_id}");

    @Override
    public String toString() {
        return "Question[endpoint=" + endpoint + "]";
    }
}
