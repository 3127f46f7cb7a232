package dev.latchkey.client;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A question: may the holder of this credential do this, now? Immutable; {@link #of} makes the simplest one, and each {@code with} method
 * a more exact one.
 *
 * @param token the credential's text, as the holder sent it
 * @param scopes scopes that it must all have
 * @param permissions a query such as {@code read:reports AND (read:audits OR write:audits)}; not together with scopes
 * @param cost units of each limit, and credits; 0 looks, and takes nothing
 * @param tags words of your own for reports
 * @param ip the holder's address; a credential that may be used from certain addresses only is refused without it
 * @param resource what the holder wants to use, as a template without ids, such as {@code GET /projects/{id}}
 */
public record VerifyRequest(
        String token,
        List<String> scopes,
        Optional<String> permissions,
        long cost,
        List<String> tags,
        Optional<String> ip,
        Optional<String> resource) {

    /**
     * Checks what can be checked here.
     *
     * @throws IllegalArgumentException if scopes and permissions are both given, or the cost is negative
     */
    public VerifyRequest {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(permissions, "permissions");
        Objects.requireNonNull(ip, "ip");
        Objects.requireNonNull(resource, "resource");
        scopes = List.copyOf(scopes);
        tags = List.copyOf(tags);
        if (permissions.isPresent() && !scopes.isEmpty()) {
            throw new IllegalArgumentException("permissions must not be given together with scopes");
        }
        if (cost < 0) {
            throw new IllegalArgumentException("cost must not be negative");
        }
    }

    /**
     * Whether the credential may be used at all.
     *
     * @param token the credential's text, as the holder sent it
     * @return a question of cost 1
     */
    public static VerifyRequest of(String token) {
        return new VerifyRequest(token, List.of(), Optional.empty(), 1, List.of(), Optional.empty(), Optional.empty());
    }

    /**
     * With scopes that the credential must all have.
     *
     * @param needed such as {@code read:reports}
     * @return a new question
     */
    public VerifyRequest withScopes(String... needed) {
        return new VerifyRequest(token, List.of(needed), permissions, cost, tags, ip, resource);
    }

    /**
     * With a query over scopes.
     *
     * @param query such as {@code read:reports AND (read:audits OR write:audits)}
     * @return a new question
     */
    public VerifyRequest withPermissions(String query) {
        return new VerifyRequest(token, scopes, Optional.of(query), cost, tags, ip, resource);
    }

    /**
     * With another cost than 1.
     *
     * @param units of each limit, and credits; 0 looks, and takes nothing
     * @return a new question
     */
    public VerifyRequest withCost(long units) {
        return new VerifyRequest(token, scopes, permissions, units, tags, ip, resource);
    }

    /**
     * With words of your own for reports.
     *
     * @param words at most 10
     * @return a new question
     */
    public VerifyRequest withTags(String... words) {
        return new VerifyRequest(token, scopes, permissions, cost, List.of(words), ip, resource);
    }

    /**
     * With the holder's address.
     *
     * @param address an IP address
     * @return a new question
     */
    public VerifyRequest withIp(String address) {
        return new VerifyRequest(token, scopes, permissions, cost, tags, Optional.of(address), resource);
    }

    /**
     * With what the holder wants to use.
     *
     * @param template such as {@code GET /projects/{id}}
     * @return a new question
     */
    public VerifyRequest withResource(String template) {
        return new VerifyRequest(token, scopes, permissions, cost, tags, ip, Optional.of(template));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "VerifyRequest[scopes=" + scopes + ", permissions=" + permissions + ", cost=" + cost + ", resource="
                + resource + "]";
    }
}
